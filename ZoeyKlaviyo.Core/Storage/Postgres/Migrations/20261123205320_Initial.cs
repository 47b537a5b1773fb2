using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace ZoeyKlaviyo.Core.Storage.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "ActivePeriods",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    Subject = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    FromUtc = table.Column<long>(type: "bigint", nullable: false),
                    ToUtc = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ActivePeriods", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ConnectAttempts",
                columns: table => new
                {
                    StateHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    PersonId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    VerifierProtected = table.Column<string>(type: "text", nullable: false),
                    RedirectUri = table.Column<string>(type: "text", nullable: false),
                    CreatedUtc = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ConnectAttempts", x => x.StateHash);
                });

            migrationBuilder.CreateTable(
                name: "KlaviyoConnections",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    AccountId = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    AccountName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Scopes = table.Column<string>(type: "text", nullable: false),
                    ConnectedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    ConnectedUtc = table.Column<long>(type: "bigint", nullable: false),
                    Status = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    StatusReason = table.Column<string>(type: "text", nullable: true),
                    StatusSinceUtc = table.Column<long>(type: "bigint", nullable: false),
                    AccessTokenProtected = table.Column<string>(type: "text", nullable: false),
                    RefreshTokenProtected = table.Column<string>(type: "text", nullable: false),
                    AccessTokenExpiresUtc = table.Column<long>(type: "bigint", nullable: false),
                    TokenVersion = table.Column<int>(type: "integer", nullable: false),
                    TokensRefreshedUtc = table.Column<long>(type: "bigint", nullable: false),
                    RefreshLeaseOwner = table.Column<string>(type: "text", nullable: true),
                    RefreshLeaseUntilUtc = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KlaviyoConnections", x => x.StoreId);
                });

            migrationBuilder.CreateTable(
                name: "LaneLeases",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    Lane = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Owner = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    UntilUtc = table.Column<long>(type: "bigint", nullable: true),
                    Fence = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LaneLeases", x => new { x.StoreId, x.Lane });
                });

            migrationBuilder.CreateTable(
                name: "Payloads",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    AccountId = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Metric = table.Column<string>(type: "character varying(127)", maxLength: 127, nullable: false),
                    Email = table.Column<string>(type: "character varying(99)", maxLength: 99, nullable: false),
                    UniqueId = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    IsRetry = table.Column<bool>(type: "boolean", nullable: false),
                    InDoubt = table.Column<bool>(type: "boolean", nullable: false),
                    Outage = table.Column<bool>(type: "boolean", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    OccurredUtc = table.Column<long>(type: "bigint", nullable: false),
                    ReceivedUtc = table.Column<long>(type: "bigint", nullable: false),
                    SentUtc = table.Column<long>(type: "bigint", nullable: true),
                    NextTryUtc = table.Column<long>(type: "bigint", nullable: true),
                    HttpStatus = table.Column<int>(type: "integer", nullable: true),
                    Error = table.Column<string>(type: "text", nullable: true),
                    RunId = table.Column<long>(type: "bigint", nullable: true),
                    Properties = table.Column<string>(type: "text", nullable: false),
                    Value = table.Column<decimal>(type: "numeric", nullable: true),
                    Currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Payloads", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ProtectionKeys",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    FriendlyName = table.Column<string>(type: "text", nullable: false),
                    Xml = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ProtectionKeys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RunRecords",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    RunId = table.Column<long>(type: "bigint", nullable: false),
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    PayloadId = table.Column<long>(type: "bigint", nullable: true),
                    Record = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    Operation = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Result = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    HttpStatus = table.Column<int>(type: "integer", nullable: true),
                    Error = table.Column<string>(type: "text", nullable: true),
                    Answer = table.Column<string>(type: "text", nullable: true),
                    ErrorCode = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    AtUtc = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RunRecords", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Runs",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Lane = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Trigger = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    RequestedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Status = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    QueuedUtc = table.Column<long>(type: "bigint", nullable: false),
                    StartedUtc = table.Column<long>(type: "bigint", nullable: true),
                    FinishedUtc = table.Column<long>(type: "bigint", nullable: true),
                    Message = table.Column<string>(type: "text", nullable: true),
                    Fence = table.Column<long>(type: "bigint", nullable: false),
                    CancelRequestedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    ProgressDone = table.Column<int>(type: "integer", nullable: false),
                    ProgressTotal = table.Column<int>(type: "integer", nullable: true),
                    IsIdle = table.Column<bool>(type: "boolean", nullable: false),
                    IdleChecks = table.Column<int>(type: "integer", nullable: false),
                    Counts_Created = table.Column<int>(type: "integer", nullable: false),
                    Counts_Deleted = table.Column<int>(type: "integer", nullable: false),
                    Counts_Failed = table.Column<int>(type: "integer", nullable: false),
                    Counts_Sent = table.Column<int>(type: "integer", nullable: false),
                    Counts_Skipped = table.Column<int>(type: "integer", nullable: false),
                    Counts_Unchanged = table.Column<int>(type: "integer", nullable: false),
                    Counts_Updated = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Runs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ScheduleStates",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    LastCountedUtc = table.Column<long>(type: "bigint", nullable: false),
                    NotBeforeUtc = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ScheduleStates", x => new { x.StoreId, x.Kind });
                });

            migrationBuilder.CreateTable(
                name: "SettingChanges",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    AtUtc = table.Column<long>(type: "bigint", nullable: false),
                    Who = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Subject = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    From = table.Column<string>(type: "text", nullable: false),
                    To = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SettingChanges", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Stores",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Key = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    BaseUrl = table.Column<string>(type: "text", nullable: false),
                    StorefrontUrl = table.Column<string>(type: "text", nullable: false),
                    AllowedOrigins = table.Column<string>(type: "text", nullable: false),
                    PublicKey = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    FeedSecretProtected = table.Column<string>(type: "text", nullable: true),
                    IdPrefix = table.Column<string>(type: "text", nullable: false),
                    FromConfiguration = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Stores", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SwitchStates",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    Switch = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    IsOn = table.Column<bool>(type: "boolean", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    ChangedUtc = table.Column<long>(type: "bigint", nullable: false),
                    ChangedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SwitchStates", x => new { x.StoreId, x.Switch });
                });

            migrationBuilder.CreateTable(
                name: "Visits",
                columns: table => new
                {
                    StoreId = table.Column<int>(type: "integer", nullable: false),
                    Email = table.Column<string>(type: "character varying(99)", maxLength: 99, nullable: false),
                    StartedUtc = table.Column<long>(type: "bigint", nullable: false),
                    LastSeenUtc = table.Column<long>(type: "bigint", nullable: false),
                    IsCounted = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Visits", x => new { x.StoreId, x.Email });
                });

            migrationBuilder.CreateIndex(
                name: "IX_ActivePeriods_StoreId_Subject_FromUtc",
                table: "ActivePeriods",
                columns: new[] { "StoreId", "Subject", "FromUtc" });

            migrationBuilder.CreateIndex(
                name: "IX_Payloads_StoreId_AccountId_Metric_Email_UniqueId",
                table: "Payloads",
                columns: new[] { "StoreId", "AccountId", "Metric", "Email", "UniqueId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Payloads_StoreId_State_Id",
                table: "Payloads",
                columns: new[] { "StoreId", "State", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_RunRecords_PayloadId",
                table: "RunRecords",
                column: "PayloadId");

            migrationBuilder.CreateIndex(
                name: "IX_RunRecords_RunId_Result_Id",
                table: "RunRecords",
                columns: new[] { "RunId", "Result", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Runs_OneActive",
                table: "Runs",
                columns: new[] { "StoreId", "Kind" },
                unique: true,
                filter: "\"Status\" IN ('Queued', 'Running')");

            migrationBuilder.CreateIndex(
                name: "IX_Runs_Status_Lane_Id",
                table: "Runs",
                columns: new[] { "Status", "Lane", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Runs_StoreId_IsIdle_QueuedUtc_Id",
                table: "Runs",
                columns: new[] { "StoreId", "IsIdle", "QueuedUtc", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Runs_StoreId_Kind_QueuedUtc_Id",
                table: "Runs",
                columns: new[] { "StoreId", "Kind", "QueuedUtc", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Runs_StoreId_QueuedUtc_Id",
                table: "Runs",
                columns: new[] { "StoreId", "QueuedUtc", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Runs_StoreId_Status_QueuedUtc_Id",
                table: "Runs",
                columns: new[] { "StoreId", "Status", "QueuedUtc", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_SettingChanges_StoreId_AtUtc_Id",
                table: "SettingChanges",
                columns: new[] { "StoreId", "AtUtc", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Stores_Key",
                table: "Stores",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Stores_PublicKey",
                table: "Stores",
                column: "PublicKey",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ActivePeriods");

            migrationBuilder.DropTable(
                name: "ConnectAttempts");

            migrationBuilder.DropTable(
                name: "KlaviyoConnections");

            migrationBuilder.DropTable(
                name: "LaneLeases");

            migrationBuilder.DropTable(
                name: "Payloads");

            migrationBuilder.DropTable(
                name: "ProtectionKeys");

            migrationBuilder.DropTable(
                name: "RunRecords");

            migrationBuilder.DropTable(
                name: "Runs");

            migrationBuilder.DropTable(
                name: "ScheduleStates");

            migrationBuilder.DropTable(
                name: "SettingChanges");

            migrationBuilder.DropTable(
                name: "Stores");

            migrationBuilder.DropTable(
                name: "SwitchStates");

            migrationBuilder.DropTable(
                name: "Visits");
        }
    }
}
