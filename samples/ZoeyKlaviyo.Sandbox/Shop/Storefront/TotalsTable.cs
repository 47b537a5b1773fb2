using ZoeyKlaviyo.Sandbox.Pages;

namespace ZoeyKlaviyo.Sandbox.Shop.Storefront;

internal static class TotalsTable
{
    public static string Render(Visit visit, CartTotals totals, string? coupon) => $"""
        <dl class="sums">
          <dt>Subtotal</dt><dd>{visit.Money(totals.Subtotal)}</dd>
          {(coupon is null ? "" : $"<dt>Discount ({Html.Encode(coupon)})</dt><dd>−{visit.Money(totals.Discount)}</dd>")}
          <dt>Shipping</dt><dd>{visit.Money(totals.Shipping)}</dd>
          <dt>Tax (7 %)</dt><dd>{visit.Money(totals.Tax)}</dd>
          <dt class="grand">Total</dt><dd class="grand">{visit.Money(totals.Grand)}</dd>
        </dl>
        """;
}
