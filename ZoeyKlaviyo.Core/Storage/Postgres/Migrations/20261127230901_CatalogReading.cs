using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ZoeyKlaviyo.Core.Storage.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class CatalogReading : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_CatalogRecords_StoreId_AccountId_Kind_State_Operation_Tries~",
                table: "CatalogRecords");

            migrationBuilder.AddColumn<string>(
                name: "CategoriesProblem",
                table: "CatalogListings",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "CategoryLinksProblem",
                table: "CatalogListings",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ProductsProblem",
                table: "CatalogListings",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "ProductsWithoutVariants",
                table: "CatalogListings",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "StockProblem",
                table: "CatalogListings",
                type: "text",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_CatalogRecords_State",
                table: "CatalogRecords",
                columns: new[] { "StoreId", "AccountId", "Kind", "State", "Operation", "Tries", "Id", "Removal", "IsGone", "IsInKlaviyo" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_CatalogRecords_State",
                table: "CatalogRecords");

            migrationBuilder.DropColumn(
                name: "CategoriesProblem",
                table: "CatalogListings");

            migrationBuilder.DropColumn(
                name: "CategoryLinksProblem",
                table: "CatalogListings");

            migrationBuilder.DropColumn(
                name: "ProductsProblem",
                table: "CatalogListings");

            migrationBuilder.DropColumn(
                name: "ProductsWithoutVariants",
                table: "CatalogListings");

            migrationBuilder.DropColumn(
                name: "StockProblem",
                table: "CatalogListings");

            migrationBuilder.CreateIndex(
                name: "IX_CatalogRecords_StoreId_AccountId_Kind_State_Operation_Tries~",
                table: "CatalogRecords",
                columns: new[] { "StoreId", "AccountId", "Kind", "State", "Operation", "Tries", "Id" });
        }
    }
}
