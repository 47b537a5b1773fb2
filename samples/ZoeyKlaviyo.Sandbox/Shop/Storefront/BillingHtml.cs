using ZoeyKlaviyo.Sandbox.Pages;

namespace ZoeyKlaviyo.Sandbox.Shop.Storefront;

/// <summary>The part of the checkout that asks who buys: a guest for everything, a customer for what the shop does not know yet.</summary>
internal static class BillingHtml
{
    public static string Render(ShopCustomer? customer, CheckoutForm form, IReadOnlyDictionary<string, string> problems) => customer is { HasAddress: true } known
        ? $"""<section class="card" aria-labelledby="billing"><h2 id="billing">Billing address</h2>{Address(known.Address)}<p class="muted">{Html.Encode(known.Email)}</p></section>"""
        : $"""
          <fieldset class="card fields address">
            <legend>Billing address</legend>
            {(customer is null
                ? "<p class=\"muted\">Do you have an account? <a href=\"/shop/customer/account/login\">Log in</a>.</p>" + Field(CheckoutForm.EmailField, form, problems)
                : $"<p class=\"muted\">{Html.Encode(customer.Email)}</p>")}
            <div class="pairs">{Html.Join(CheckoutForm.AddressFields, field => Field(field, form, problems))}</div>
          </fieldset>
          """;

    public static string Address(ShopAddress address) => $"<address>{string.Join("<br>", Lines(address).Select(Html.Encode))}</address>";

    public static string Id(string field) => field == "payment" ? "p_method_" + CheckoutForm.PayNow : $"billing:{field}";

    public static string Label(string field) => field == "payment" ? "Payment"
        : CheckoutForm.AddressFields.Append(CheckoutForm.EmailField).Single(one => one.Name == field).Label;

    public static string Problem(string field, IReadOnlyDictionary<string, string> problems) =>
        problems.TryGetValue(field, out var problem) ? $"<strong id=\"{field}-problem\" class=\"problem\">{problem}</strong>" : "";

    private static IEnumerable<string> Lines(ShopAddress address)
    {
        var country = CheckoutForm.Countries.FirstOrDefault(one => one.Code == address.CountryCode).Name ?? address.CountryCode;
        string?[] lines =
        [
            $"{address.FirstName} {address.LastName}", address.Company, .. address.Street,
            $"{address.City} {address.Region} {address.PostCode}", country, address.Telephone,
        ];
        return lines.OfType<string>();
    }

    private static string Field(CheckoutField field, CheckoutForm form, IReadOnlyDictionary<string, string> problems)
    {
        var attributes = $"id=\"{Id(field.Name)}\" name=\"billing[{field.Name}]\" autocomplete=\"{field.Autocomplete}\""
            + (problems.ContainsKey(field.Name) ? $" aria-invalid=\"true\" aria-describedby=\"{field.Name}-problem\"" : "");
        var control = field.Name switch
        {
            "country_id" => $"<select {attributes}>{Html.Join(CheckoutForm.Countries, country =>
                $"<option value=\"{country.Code}\"{(form[field.Name] == country.Code ? " selected" : "")}>{country.Name}</option>")}</select>",
            _ => $"<input {attributes} value=\"{Html.Encode(form[field.Name])}\"{(field.Name == "email" ? " type=\"text\" inputmode=\"email\"" : "")}>",
        };
        return $"<p><label for=\"{Id(field.Name)}\">{field.Label}</label>{(field.IsRequired ? "" : " <span class=\"muted\">(optional)</span>")}{Problem(field.Name, problems)}{control}</p>";
    }
}
