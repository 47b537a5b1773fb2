using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ZoeyKlaviyo.Core.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class StoreOrders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "AccountId",
                table: "ActivePeriods",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "AdminCarts",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    CartId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Email = table.Column<string>(type: "TEXT", maxLength: 99, nullable: true),
                    SeenUtc = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AdminCarts", x => new { x.StoreId, x.CartId });
                });

            migrationBuilder.CreateTable(
                name: "KnownProducts",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    ProductId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Sku = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    ParentId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    Name = table.Column<string>(type: "TEXT", nullable: true),
                    Url = table.Column<string>(type: "TEXT", nullable: true),
                    ImageUrl = table.Column<string>(type: "TEXT", nullable: true),
                    Brand = table.Column<string>(type: "TEXT", nullable: true),
                    Categories = table.Column<string>(type: "TEXT", nullable: false),
                    ReadUtc = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KnownProducts", x => new { x.StoreId, x.ProductId });
                });

            migrationBuilder.CreateTable(
                name: "OrderWatermarks",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    ReadUntilUtc = table.Column<long>(type: "INTEGER", nullable: false),
                    ReadUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    Problem = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OrderWatermarks", x => x.StoreId);
                });

            migrationBuilder.CreateTable(
                name: "StoreOrders",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    Number = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    EntityId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    CreatedUtc = table.Column<long>(type: "INTEGER", nullable: false),
                    FirstSeenUtc = table.Column<long>(type: "INTEGER", nullable: false),
                    IncompleteSinceUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    Body = table.Column<string>(type: "TEXT", nullable: true),
                    IsReported = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StoreOrders", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ZoeyAccess",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    AuthMode = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    CredentialsProtected = table.Column<string>(type: "TEXT", nullable: false),
                    FromConfiguration = table.Column<bool>(type: "INTEGER", nullable: false),
                    ChangedUtc = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    AccessTokenProtected = table.Column<string>(type: "TEXT", nullable: true),
                    AccessTokenExpiresUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    RefreshTokenProtected = table.Column<string>(type: "TEXT", nullable: true),
                    RefreshLeaseUntilUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    Probe = table.Column<string>(type: "TEXT", nullable: true),
                    ProbedUtc = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ZoeyAccess", x => x.StoreId);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AdminCarts_StoreId_Email",
                table: "AdminCarts",
                columns: new[] { "StoreId", "Email" });

            migrationBuilder.CreateIndex(
                name: "IX_KnownProducts_StoreId_Sku",
                table: "KnownProducts",
                columns: new[] { "StoreId", "Sku" });

            migrationBuilder.CreateIndex(
                name: "IX_StoreOrders_StoreId_IsReported_Id",
                table: "StoreOrders",
                columns: new[] { "StoreId", "IsReported", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_StoreOrders_StoreId_Number",
                table: "StoreOrders",
                columns: new[] { "StoreId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_StoreOrders_StoreId_State_Id",
                table: "StoreOrders",
                columns: new[] { "StoreId", "State", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AdminCarts");

            migrationBuilder.DropTable(
                name: "KnownProducts");

            migrationBuilder.DropTable(
                name: "OrderWatermarks");

            migrationBuilder.DropTable(
                name: "StoreOrders");

            migrationBuilder.DropTable(
                name: "ZoeyAccess");

            migrationBuilder.DropColumn(
                name: "AccountId",
                table: "ActivePeriods");
        }
    }
}
