using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ZoeyKlaviyo.Core.Storage.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class CategoryLinksByProduct : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_CategoryLinks_StoreId_ProductId",
                table: "CategoryLinks");

            migrationBuilder.CreateIndex(
                name: "IX_CategoryLinks_StoreId_ProductId_CategoryId",
                table: "CategoryLinks",
                columns: new[] { "StoreId", "ProductId", "CategoryId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_CategoryLinks_StoreId_ProductId_CategoryId",
                table: "CategoryLinks");

            migrationBuilder.CreateIndex(
                name: "IX_CategoryLinks_StoreId_ProductId",
                table: "CategoryLinks",
                columns: new[] { "StoreId", "ProductId" });
        }
    }
}
