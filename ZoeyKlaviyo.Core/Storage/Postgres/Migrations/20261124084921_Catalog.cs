using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace ZoeyKlaviyo.Core.Storage.Postgres.Migrations
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
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ProgressNote",
                table: "Runs",
                type: "character varying(400)",
                maxLength: 400,
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "ProgressRate",
                table: "Runs",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "WaitingSinceUtc",
                table: "Runs",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "CatalogRecordId",
                table: "RunRecords",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "CatalogJobs",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    AccountId = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Operation = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Rows = table.Column<int>(type: "integer", nullable: false),
                    RowIds = table.Column<string>(type: "text", nullable: false),
                    KlaviyoId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    SentUtc = table.Column<long>(type: "bigint", nullable: false),
                    NextPollUtc = table.Column<long>(type: "bigint", nullable: false),
                    Polls = table.Column<int>(type: "integer", nullable: false),
                    ExpiresUtc = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CatalogJobs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CatalogListings",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    Number = table.Column<long>(type: "bigint", nullable: false),
                    WholeUtc = table.Column<long>(type: "bigint", nullable: true),
                    WholeNumber = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CatalogListings", x => x.StoreId);
                });

            migrationBuilder.CreateTable(
                name: "CatalogRecords",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    AccountId = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    RecordId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    ExternalId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    ParentId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    Name = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    Sku = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    Content = table.Column<string>(type: "text", nullable: false),
                    ContentHash = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Links = table.Column<string>(type: "text", nullable: true),
                    IsInKlaviyo = table.Column<bool>(type: "boolean", nullable: false),
                    KlaviyoExternalId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    KlaviyoParentId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    KlaviyoHash = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    KlaviyoLinks = table.Column<string>(type: "text", nullable: true),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Operation = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    Removal = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    IsGone = table.Column<bool>(type: "boolean", nullable: false),
                    SeenRunId = table.Column<long>(type: "bigint", nullable: false),
                    JobId = table.Column<long>(type: "bigint", nullable: true),
                    SentHash = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    SentLinks = table.Column<string>(type: "text", nullable: true),
                    SentParentId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    Tries = table.Column<int>(type: "integer", nullable: false),
                    RefusedHash = table.Column<string>(type: "text", nullable: true),
                    RefusedUtc = table.Column<long>(type: "bigint", nullable: true),
                    Error = table.Column<string>(type: "text", nullable: true),
                    ErrorCode = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    SyncedUtc = table.Column<long>(type: "bigint", nullable: true),
                    RequestedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CatalogRecords", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CategoryLinks",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    CategoryId = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    ProductId = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CategoryLinks", x => new { x.StoreId, x.CategoryId, x.ProductId });
                });

            migrationBuilder.CreateTable(
                name: "StoreProducts",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    ProductId = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Sku = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    Name = table.Column<string>(type: "text", nullable: true),
                    TypeId = table.Column<string>(type: "text", nullable: true),
                    IsEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    IsVisible = table.Column<bool>(type: "boolean", nullable: false),
                    Price = table.Column<decimal>(type: "numeric(18,4)", precision: 18, scale: 4, nullable: true),
                    SpecialPrice = table.Column<decimal>(type: "numeric(18,4)", precision: 18, scale: 4, nullable: true),
                    SpecialFrom = table.Column<DateOnly>(type: "date", nullable: true),
                    SpecialTo = table.Column<DateOnly>(type: "date", nullable: true),
                    UrlKey = table.Column<string>(type: "text", nullable: true),
                    Description = table.Column<string>(type: "text", nullable: true),
                    ParentReference = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    ParentId = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    Hash = table.Column<string>(type: "text", nullable: false),
                    ImageUrl = table.Column<string>(type: "text", nullable: true),
                    ImageReadUtc = table.Column<long>(type: "bigint", nullable: true),
                    Quantity = table.Column<decimal>(type: "numeric(18,4)", precision: 18, scale: 4, nullable: true),
                    IsInStock = table.Column<bool>(type: "boolean", nullable: false),
                    ManagesStock = table.Column<bool>(type: "boolean", nullable: false),
                    AllowsBackorders = table.Column<bool>(type: "boolean", nullable: false),
                    ListingNumber = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StoreProducts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "VariantLinks",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    Sku = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    ParentSku = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false)
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
                name: "IX_CatalogRecords_StoreId_AccountId_Kind_State_Operation_Tries~",
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
