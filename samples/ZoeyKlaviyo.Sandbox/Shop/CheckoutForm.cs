namespace ZoeyKlaviyo.Sandbox.Shop;

/// <summary>What was typed at the checkout, by field, as it was typed.</summary>
internal sealed record CheckoutForm(IReadOnlyDictionary<string, string> Values)
{
    public const string PayNow = "paynow";
    public const string BankTransfer = "banktransfer";

    /// <summary>Magento's names; they are <c>billing[name]</c> in the form and <c>billing:name</c> as ids.</summary>
    public static IReadOnlyList<CheckoutField> AddressFields { get; } =
    [
        new("firstname", "First name", "given-name", IsRequired: true),
        new("lastname", "Last name", "family-name", IsRequired: true),
        new("company", "Company", "organization"),
        new("telephone", "Telephone", "tel"),
        new("street1", "Street", "address-line1", IsRequired: true),
        new("street2", "Second line of the street", "address-line2"),
        new("city", "City", "address-level2", IsRequired: true),
        new("region", "State or region", "address-level1"),
        new("postcode", "Postcode", "postal-code", IsRequired: true),
        new("country_id", "Country", "country", IsRequired: true),
    ];

    public static CheckoutField EmailField { get; } = new("email", "Email address", "email", IsRequired: true);

    public static IReadOnlyList<(string Code, string Name)> Countries { get; } =
        [("US", "United States"), ("CA", "Canada"), ("DE", "Germany"), ("GB", "United Kingdom"), ("JP", "Japan")];

    public static CheckoutForm Empty { get; } = new(new Dictionary<string, string> { ["country_id"] = "US", ["payment"] = PayNow });

    public string this[string field] => Values.GetValueOrDefault(field, "");

    public string Status => this["payment"] == BankTransfer ? "pending_payment" : "processing";

    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Problems(bool withEmail, bool withAddress)
    {
        var found = new Dictionary<string, string>();
        if (withEmail && !ShopRules.IsEmail(this["email"]))
            found["email"] = "Enter an email address such as name@company.com.";
        foreach (var field in withAddress ? AddressFields : [])
        {
            if (field.IsRequired && this[field.Name].Length == 0)
                found[field.Name] = "Fill this in.";
            else if (this[field.Name].Length > ShopRules.MaxText)
                found[field.Name] = $"Enter at most {ShopRules.MaxText} characters.";
        }
        if (withAddress && !Countries.Any(country => country.Code == this["country_id"]))
            found["country_id"] = "Choose a country.";
        if (this["payment"] is not (PayNow or BankTransfer))
            found["payment"] = "Choose how to pay.";
        return found;
    }

    public ShopAddress Address => new(
        this["firstname"], this["lastname"], OrNull("company"),
        [.. new[] { this["street1"], this["street2"] }.Where(line => line.Length > 0)],
        this["city"], OrNull("region"), OrNull("postcode"), this["country_id"], OrNull("telephone"));

    private string? OrNull(string field) => this[field] is { Length: > 0 } text ? text : null;
}

/// <param name="Autocomplete">HTML's word for what a browser may fill in.</param>
internal sealed record CheckoutField(string Name, string Label, string Autocomplete, bool IsRequired = false);
