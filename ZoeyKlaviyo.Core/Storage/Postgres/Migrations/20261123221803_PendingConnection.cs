using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ZoeyKlaviyo.Core.Storage.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class PendingConnection : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "FormerAccountId",
                table: "Stores",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "FormerAccountName",
                table: "Stores",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "PendingConnections",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    ChoiceId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    AccountId = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    AccountName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Scopes = table.Column<string>(type: "text", nullable: false),
                    ChosenBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    ChosenUtc = table.Column<long>(type: "bigint", nullable: false),
                    AccessTokenProtected = table.Column<string>(type: "text", nullable: false),
                    RefreshTokenProtected = table.Column<string>(type: "text", nullable: false),
                    AccessTokenExpiresUtc = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PendingConnections", x => x.StoreId);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "PendingConnections");

            migrationBuilder.DropColumn(
                name: "FormerAccountId",
                table: "Stores");

            migrationBuilder.DropColumn(
                name: "FormerAccountName",
                table: "Stores");
        }
    }
}
