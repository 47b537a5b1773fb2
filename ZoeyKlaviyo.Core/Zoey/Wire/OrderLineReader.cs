using System.Text.Json;

namespace ZoeyKlaviyo.Core.Zoey.Wire;

/// <summary>
/// Reads an order's lines. A bought variant yields two: the configurable product's, with the amounts and the variant's SKU, and the variant's
/// own, with neither; here they are one. A bundle's amounts may stand on its parts.
/// </summary>
internal static class OrderLineReader
{
    private sealed record Line(
        string? Id, string? ParentId, string? ProductId, string? Type, string? Sku, string? Name, decimal Quantity, decimal Price, decimal RowTotal);

    /// <returns>Null when the answer does not hold the lines: no order is without any.</returns>
    /// <exception cref="FormatException">An amount is no number, or they come to more than a number can be.</exception>
    public static IReadOnlyList<ZoeyOrderLine>? Read(JsonElement order) => WireJson.Decode(() =>
    {
        var lines = Lines(order.Member("order_items") ?? order.Member("items"), "item_id");
        return lines.Count > 0 ? Merge(lines) : ReadInvoiced(order);
    });

    /// <summary>The lines of a list of their own, as <c>orders/{id}/items</c> answers with.</summary>
    /// <exception cref="FormatException">As with <see cref="Read(JsonElement)"/>.</exception>
    public static IReadOnlyList<ZoeyOrderLine>? ReadList(JsonElement list) =>
        WireJson.Decode(() => Lines(list, "item_id") is { Count: > 0 } lines ? Merge(lines) : null);

    /// <summary>Only what is invoiced so far, so that it counts as the order's lines only when it makes up the whole of it.</summary>
    private static List<ZoeyOrderLine>? ReadInvoiced(JsonElement order)
    {
        if (order.Member("order_invoices") is not { } invoices)
            return null;
        var lines = WireJson.Items(invoices, ["increment_id", "invoice_id"])
            .SelectMany(invoice => Lines(invoice.Value.Member("items"), "order_item_id"))
            .GroupBy(line => line.Id)
            .SelectMany(group => group.Key is null ? group.AsEnumerable() : [Sum(group)])
            .ToList();
        // Invoices don't tell which line belongs to which; what costs nothing beside a line with the same SKU is its variant.
        var bought = lines.Where(line => line.RowTotal != 0 || !lines.Any(other => other.RowTotal != 0 && other.Sku == line.Sku)).ToList();
        var isWhole = WireJson.Number(order, "subtotal") is { } subtotal && Math.Abs(bought.Sum(line => line.RowTotal) - subtotal) < 0.01m;
        return bought.Count > 0 && isWhole ? Merge(bought) : null;
    }

    private static Line Sum(IEnumerable<Line> lines) => lines.Aggregate((sum, line) =>
        sum with { Quantity = sum.Quantity + line.Quantity, RowTotal = sum.RowTotal + line.RowTotal });

    private static List<Line> Lines(JsonElement? list, string idName) => list is not { } items ? [] :
    [
        .. WireJson.Items(items, ["item_id", "order_item_id"])
            .Where(item => item.Value.ValueKind == JsonValueKind.Object)
            .Select(item => Read(item.Value, WireJson.Id(item.Value, idName) ?? item.Key)),
    ];

    private static Line Read(JsonElement item, string? id)
    {
        var quantity = WireJson.Number(item, "qty_ordered", "qty") ?? 1;
        var rowTotal = WireJson.Number(item, "row_total");
        var price = WireJson.Number(item, "price") ?? (quantity == 0 ? 0 : (rowTotal ?? 0) / quantity);
        return new Line(
            id,
            WireJson.Id(item, "parent_item_id"),
            WireJson.Id(item, "product_id"),
            WireJson.Text(item, "product_type"),
            WireJson.Text(item, "sku"),
            WireJson.Text(item, "name"),
            quantity,
            price,
            rowTotal ?? price * quantity);
    }

    private static List<ZoeyOrderLine> Merge(List<Line> lines)
    {
        var distinct = lines.DistinctBy(line => line.Id ?? Guid.NewGuid().ToString()).ToList();
        var ids = distinct.Select(line => line.Id).OfType<string>().ToHashSet();
        var parts = distinct.Where(line => line.ParentId is { } parent && ids.Contains(parent)).ToLookup(line => line.ParentId);
        return
        [
            .. from line in distinct
               where line.ParentId is null || !ids.Contains(line.ParentId)
               select Merge(line, line.Id is null ? [] : [.. parts[line.Id]]),
        ];
    }

    private static ZoeyOrderLine Merge(Line line, List<Line> parts)
    {
        var variant = parts is [var only] && (line.Type == "configurable" || (line.Type != "bundle" && only.Sku == line.Sku)) ? only : null;
        var rowTotal = line.RowTotal != 0 ? line.RowTotal : parts.Sum(part => part.RowTotal);
        var price = line.RowTotal != 0 || rowTotal == 0 || line.Quantity == 0 ? line.Price : rowTotal / line.Quantity;
        return new ZoeyOrderLine(
            line.Id, line.ProductId, variant?.ProductId, variant?.Sku ?? line.Sku, line.Name, line.Quantity, price, rowTotal);
    }
}
