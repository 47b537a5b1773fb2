using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Csv;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Catalog;

/// <param name="Links">Variants that a product was named for.</param>
/// <param name="Problem">Why nothing was taken, in words; null when it was.</param>
public sealed record VariantLinkOutcome(int Links, string? Problem);

/// <summary>
/// Reads from a store's product export which variants belong to which product: a configurable product's row, and the rows below it without a SKU
/// of their own, name a variant each in <c>_super_products_sku</c> (Magento 1's format).
/// </summary>
public sealed class VariantLinkFile(Database database, TimeProvider time)
{
    public const long MaxBytes = 200 * 1024 * 1024;
    private const int HeadBytes = 64 * 1024;
    private const int BatchSize = 1000;
    private const int MaxHeader = 5;
    private static readonly string[] s_variantColumns = ["_super_products_sku", "super_products_sku"];
    private static readonly string[] s_parentColumns = ["parent_sku", "_parent_sku"];

    /// <summary>Takes the place of what an earlier file said.</summary>
    /// <param name="read">Is told how many bytes were read.</param>
    /// <exception cref="AccessDeniedException">The person is no admin of the store.</exception>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public async Task<VariantLinkOutcome> TakeAsync(AuthorizedStore store, Stream file, IProgress<long>? read, CancellationToken cancellationToken)
    {
        store.RequireManage();
        var links = new Dictionary<string, string>();
        if (await ReadAsync(file, links, read, cancellationToken) is { } problem)
            return new VariantLinkOutcome(0, problem);
        if (links.Count == 0)
            return new VariantLinkOutcome(0, "The file names no product for any variant. Export the products with all columns, so that it has _super_products_sku.");
        await database.WriteAsync(
            async db =>
            {
                var before = await db.VariantLinks.Where(link => link.StoreId == store.Id).ExecuteDeleteAsync(cancellationToken);
                foreach (var part in links.Chunk(BatchSize))
                {
                    db.VariantLinks.AddRange(part.Select(link => new VariantLink { StoreId = store.Id, Sku = link.Key, ParentSku = link.Value }));
                    await db.SaveChangesAsync(cancellationToken);
                    db.ChangeTracker.Clear();
                }

                db.SettingChanges.Add(new SettingChange
                {
                    StoreId = store.Id,
                    AtUtc = time.GetUtcNow(),
                    Who = store.Person.Name,
                    Subject = "Products of variants, from a file",
                    From = $"{before} variants",
                    To = $"{links.Count} variants",
                });
            },
            cancellationToken);
        return new VariantLinkOutcome(links.Count, null);
    }

    private static async Task<string?> ReadAsync(Stream file, Dictionary<string, string> links, IProgress<long>? read, CancellationToken cancellationToken)
    {
        var head = new byte[HeadBytes];
        var length = await file.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false, cancellationToken);
        if (head.AsSpan(0, length) is [(byte)'P', (byte)'K', 3, 4, ..] or [0xD0, 0xCF, 0x11, 0xE0, ..])
            return "This is a spreadsheet's own file, not a CSV file. In the spreadsheet, save it as \"CSV UTF-8\" and upload that file.";
        var (encoding, whole) = (CsvEncodings.Detect(head.AsSpan(0, length)), new HeadedStream(head.AsMemory(0, length), file));
        using var feed = new CsvFeed(whole, encoding, cancellationToken);
        var delimiter = Delimiter(System.Text.Encoding.UTF8.GetString(head.AsSpan(0, length)));
        (int Sku, int Variant, int Parent)? columns = null;
        var (looked, product) = (0, (string?)null);
        await foreach (var record in new CsvRecords(feed, delimiter).ReadAsync(cancellationToken))
        {
            if (feed.BytesRead > MaxBytes)
                return $"The file is larger than {MaxBytes / 1024 / 1024} MB. Export the products in parts, or without their descriptions.";
            if (columns is null)
            {
                columns = Columns(record.Cells);
                if (columns is null && ++looked == MaxHeader)
                    break;
                continue;
            }

            read?.Report(feed.BytesRead);
            product = Take(record, columns.Value, product, links);
        }

        return columns is null ? "The file has no columns that tell which product a variant belongs to: sku with _super_products_sku, or sku with parent_sku." : null;
    }

    /// <returns>The product that rows below belong to.</returns>
    private static string? Take(CsvRecord record, (int Sku, int Variant, int Parent) columns, string? product, Dictionary<string, string> links)
    {
        if (record.Error is not null)
            return product;
        string? Cell(int column) => column >= 0 && column < record.Cells.Count && CsvText.Restore(record.Cells[column].Trim()) is { Length: > 0 and <= CatalogRecord.MaxSkuLength } text ? text : null;
        var sku = Cell(columns.Sku);
        if (columns.Parent >= 0)
        {
            if (sku is not null && Cell(columns.Parent) is { } parent && parent != sku)
                links[sku] = parent;
            return null;
        }

        product = sku ?? product;
        if (product is not null && Cell(columns.Variant) is { } variant && variant != product)
            links[variant] = product;
        return product;
    }

    private static (int, int, int)? Columns(IReadOnlyList<string> header)
    {
        int Find(params string[] names) => header.Select((name, index) => (Name: name.Trim().ToLowerInvariant(), index)).Where(one => names.Contains(one.Name)).Select(one => one.index).FirstOrDefault(-1);
        var (sku, variant, parent) = (Find("sku"), Find(s_variantColumns), Find(s_parentColumns));
        return sku >= 0 && (variant >= 0 || parent >= 0) ? (sku, variant, variant >= 0 ? -1 : parent) : null;
    }

    private static char Delimiter(string head)
    {
        var line = head.AsSpan(0, Math.Max(0, head.AsSpan().IndexOfAny('\r', '\n') is var end && end < 0 ? head.Length : end)).ToString();
        return new[] { ',', ';', '\t' }.MaxBy(delimiter => line.Count(letter => letter == delimiter));
    }

    /// <summary>What was looked at, and what follows.</summary>
    private sealed class HeadedStream(ReadOnlyMemory<byte> head, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _head = head;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_head.Length == 0)
                return await rest.ReadAsync(buffer, cancellationToken);
            var count = Math.Min(buffer.Length, _head.Length);
            _head[..count].CopyTo(buffer);
            _head = _head[count..];
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
