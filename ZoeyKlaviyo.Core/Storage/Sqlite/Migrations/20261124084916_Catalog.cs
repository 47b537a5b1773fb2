using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ZoeyKlaviyo.Core.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Catalog : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Phase",
                table: "Runs",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ProgressNote",
                table: "Runs",
                type: "TEXT",
                maxLength: 400,
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "ProgressRate",
                table: "Runs",
                type: "REAL",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "WaitingSinceUtc",
                table: "Runs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "CatalogRecordId",
                table: "RunRecords",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "CatalogJobs",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    AccountId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Operation = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Rows = table.Column<int>(type: "INTEGER", nullable: false),
                    RowIds = table.Column<string>(type: "TEXT", nullable: false),
                    KlaviyoId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    SentUtc = table.Column<long>(type: "INTEGER", nullable: false),
                    NextPollUtc = table.Column<long>(type: "INTEGER", nullable: false),
                    Polls = table.Column<int>(type: "INTEGER", nullable: false),
                    ExpiresUtc = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CatalogJobs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CatalogListings",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    WholeUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    WholeNumber = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CatalogListings", x => x.StoreId);
                });

            migrationBuilder.CreateTable(
                name: "CatalogRecords",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    AccountId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    RecordId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    ExternalId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    ParentId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    Name = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    Sku = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    Content = table.Column<string>(type: "TEXT", nullable: false),
                    ContentHash = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Links = table.Column<string>(type: "TEXT", nullable: true),
                    IsInKlaviyo = table.Column<bool>(type: "INTEGER", nullable: false),
                    KlaviyoExternalId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    KlaviyoParentId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    KlaviyoHash = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    KlaviyoLinks = table.Column<string>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Operation = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    Removal = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    IsGone = table.Column<bool>(type: "INTEGER", nullable: false),
                    SeenRunId = table.Column<long>(type: "INTEGER", nullable: false),
                    JobId = table.Column<long>(type: "INTEGER", nullable: true),
                    SentHash = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    SentLinks = table.Column<string>(type: "TEXT", nullable: true),
                    SentParentId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    Tries = table.Column<int>(type: "INTEGER", nullable: false),
                    RefusedHash = table.Column<string>(type: "TEXT", nullable: true),
                    RefusedUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    Error = table.Column<string>(type: "TEXT", nullable: true),
                    ErrorCode = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    SyncedUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    RequestedBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CatalogRecords", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CategoryLinks",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    CategoryId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    ProductId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CategoryLinks", x => new { x.StoreId, x.CategoryId, x.ProductId });
                });

            migrationBuilder.CreateTable(
                name: "StoreProducts",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    ProductId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Sku = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    Name = table.Column<string>(type: "TEXT", nullable: true),
                    TypeId = table.Column<string>(type: "TEXT", nullable: true),
                    IsEnabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsVisible = table.Column<bool>(type: "INTEGER", nullable: false),
                    Price = table.Column<decimal>(type: "TEXT", precision: 18, scale: 4, nullable: true),
                    SpecialPrice = table.Column<decimal>(type: "TEXT", precision: 18, scale: 4, nullable: true),
                    SpecialFrom = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    SpecialTo = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    UrlKey = table.Column<string>(type: "TEXT", nullable: true),
                    Description = table.Column<string>(type: "TEXT", nullable: true),
                    ParentReference = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    ParentId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    Hash = table.Column<string>(type: "TEXT", nullable: false),
                    ImageUrl = table.Column<string>(type: "TEXT", nullable: true),
                    ImageReadUtc = table.Column<long>(type: "INTEGER", nullable: true),
                    Quantity = table.Column<decimal>(type: "TEXT", precision: 18, scale: 4, nullable: true),
                    IsInStock = table.Column<bool>(type: "INTEGER", nullable: false),
                    ManagesStock = table.Column<bool>(type: "INTEGER", nullable: false),
                    AllowsBackorders = table.Column<bool>(type: "INTEGER", nullable: false),
                    ListingNumber = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StoreProducts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "VariantLinks",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "INTEGER", nullable: false),
                    Sku = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    ParentSku = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_VariantLinks", x => new { x.StoreId, x.Sku });
                });

            migrationBuilder.CreateIndex(
                name: "IX_RunRecords_CatalogRecordId",
                table: "RunRecords",
                column: "CatalogRecordId");

            migrationBuilder.CreateIndex(
                name: "IX_CatalogJobs_StoreId_AccountId_Kind_NextPollUtc",
                table: "CatalogJobs",
                columns: new[] { "StoreId", "AccountId", "Kind", "NextPollUtc" });

            migrationBuilder.CreateIndex(
                name: "IX_CatalogRecords_JobId",
                table: "CatalogRecords",
                column: "JobId");

            migrationBuilder.CreateIndex(
                name: "IX_CatalogRecords_StoreId_AccountId_Kind_KlaviyoParentId",
                table: "CatalogRecords",
                columns: new[] { "StoreId", "AccountId", "Kind", "KlaviyoParentId" });

            migrationBuilder.CreateIndex(
                name: "IX_CatalogRecords_StoreId_AccountId_Kind_ParentId",
                table: "CatalogRecords",
                columns: new[] { "StoreId", "AccountId", "Kind", "ParentId" });

            migrationBuilder.CreateIndex(
                name: "IX_CatalogRecords_StoreId_AccountId_Kind_RecordId",
                table: "CatalogRecords",
                columns: new[] { "StoreId", "AccountId", "Kind", "RecordId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CatalogRecords_StoreId_AccountId_Kind_SeenRunId",
                table: "CatalogRecords",
                columns: new[] { "StoreId", "AccountId", "Kind", "SeenRunId" });

            migrationBuilder.CreateIndex(
                name: "IX_CatalogRecords_StoreId_AccountId_Kind_State_Operation_Tries_Id",
                table: "CatalogRecords",
                columns: new[] { "StoreId", "AccountId", "Kind", "State", "Operation", "Tries", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_CatalogRecords_StoreId_Sku",
                table: "CatalogRecords",
                columns: new[] { "StoreId", "Sku" });

            migrationBuilder.CreateIndex(
                name: "IX_CategoryLinks_StoreId_ProductId",
                table: "CategoryLinks",
                columns: new[] { "StoreId", "ProductId" });

            migrationBuilder.CreateIndex(
                name: "IX_StoreProducts_StoreId_ImageReadUtc",
                table: "StoreProducts",
                columns: new[] { "StoreId", "ImageReadUtc" });

            migrationBuilder.CreateIndex(
                name: "IX_StoreProducts_StoreId_ParentId",
                table: "StoreProducts",
                columns: new[] { "StoreId", "ParentId" });

            migrationBuilder.CreateIndex(
                name: "IX_StoreProducts_StoreId_ProductId",
                table: "StoreProducts",
                columns: new[] { "StoreId", "ProductId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_StoreProducts_StoreId_Sku",
                table: "StoreProducts",
                columns: new[] { "StoreId", "Sku" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CatalogJobs");

            migrationBuilder.DropTable(
                name: "CatalogListings");

            migrationBuilder.DropTable(
                name: "CatalogRecords");

            migrationBuilder.DropTable(
                name: "CategoryLinks");

            migrationBuilder.DropTable(
                name: "StoreProducts");

            migrationBuilder.DropTable(
                name: "VariantLinks");

            migrationBuilder.DropIndex(
                name: "IX_RunRecords_CatalogRecordId",
                table: "RunRecords");

            migrationBuilder.DropColumn(
                name: "Phase",
                table: "Runs");

            migrationBuilder.DropColumn(
                name: "ProgressNote",
                table: "Runs");

            migrationBuilder.DropColumn(
                name: "ProgressRate",
                table: "Runs");

            migrationBuilder.DropColumn(
                name: "WaitingSinceUtc",
                table: "Runs");

            migrationBuilder.DropColumn(
                name: "CatalogRecordId",
                table: "RunRecords");
        }
    }
}
