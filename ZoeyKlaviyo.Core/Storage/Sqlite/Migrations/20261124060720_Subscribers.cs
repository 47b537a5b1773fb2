using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ZoeyKlaviyo.Core.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Subscribers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "OptOuts",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    AccountId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Email = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    SinceUtc = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OptOuts", x => new { x.StoreId, x.AccountId, x.Email });
                });

            migrationBuilder.CreateTable(
                name: "SeenPushes",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    AtUtc = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SeenPushes", x => new { x.StoreId, x.Hash });
                });

            migrationBuilder.CreateTable(
                name: "SubscriberFiles",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    AccountId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    RunId = table.Column<long>(type: "INTEGER", nullable: true),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    CreatedUtc = table.Column<long>(type: "INTEGER", nullable: false),
                    FinishedUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    Bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    Lines = table.Column<int>(type: "INTEGER", nullable: false),
                    Position = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SubscriberFiles", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SubscriberReadings",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    AccountId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    AnchorId = table.Column<long>(type: "INTEGER", nullable: true),
                    AnchorUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    NewestId = table.Column<long>(type: "INTEGER", nullable: true),
                    WholeListingUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    WholeListingCount = table.Column<int>(type: "INTEGER", nullable: false),
                    NewestReadUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    CanFilterChanges = table.Column<bool>(type: "INTEGER", nullable: false),
                    LastPushUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    LastFileUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    LastFileName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    Problem = table.Column<string>(type: "TEXT", nullable: true),
                    IsMissing = table.Column<bool>(type: "INTEGER", nullable: false),
                    OptOutsUntilUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    OptOutsReadUtc = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SubscriberReadings", x => new { x.StoreId, x.AccountId });
                });

            migrationBuilder.CreateTable(
                name: "Subscribers",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    AccountId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Email = table.Column<string>(type: "TEXT", maxLength: 99, nullable: false),
                    StoreSubscriberId = table.Column<long>(type: "INTEGER", nullable: true),
                    Status = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    ChangedUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    SeenUtc = table.Column<long>(type: "INTEGER", nullable: false),
                    ConsentFromUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    IsHistorical = table.Column<bool>(type: "INTEGER", nullable: false),
                    Outcome = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    OutcomeUtc = table.Column<long>(type: "INTEGER", nullable: false),
                    SubscribeSentUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    UnsubscribeSentUtc = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Subscribers", x => new { x.StoreId, x.AccountId, x.Email });
                });

            migrationBuilder.CreateTable(
                name: "SubscriberSettings",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    AccountId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    ListId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    ListName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    IsDoubleOptIn = table.Column<bool>(type: "INTEGER", nullable: true),
                    ListGoneUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    BroughtInUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    BroughtInBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SubscriberSettings", x => new { x.StoreId, x.AccountId });
                });

            migrationBuilder.CreateTable(
                name: "SubscriberFileParts",
                columns: table => new
                {
                    FileId = table.Column<long>(type: "INTEGER", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Content = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SubscriberFileParts", x => new { x.FileId, x.Number });
                    table.ForeignKey(
                        name: "FK_SubscriberFileParts_SubscriberFiles_FileId",
                        column: x => x.FileId,
                        principalTable: "SubscriberFiles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_SeenPushes_StoreId_AtUtc",
                table: "SeenPushes",
                columns: new[] { "StoreId", "AtUtc" });

            migrationBuilder.CreateIndex(
                name: "IX_SubscriberFiles_StoreId_Kind_Id",
                table: "SubscriberFiles",
                columns: new[] { "StoreId", "Kind", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Subscribers_StoreId_AccountId_Outcome_Status_Email",
                table: "Subscribers",
                columns: new[] { "StoreId", "AccountId", "Outcome", "Status", "Email" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "OptOuts");

            migrationBuilder.DropTable(
                name: "SeenPushes");

            migrationBuilder.DropTable(
                name: "SubscriberFileParts");

            migrationBuilder.DropTable(
                name: "SubscriberReadings");

            migrationBuilder.DropTable(
                name: "Subscribers");

            migrationBuilder.DropTable(
                name: "SubscriberSettings");

            migrationBuilder.DropTable(
                name: "SubscriberFiles");
        }
    }
}
