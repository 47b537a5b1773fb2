using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>What every run of the catalog needs of others.</summary>
public sealed record CatalogServices(KlaviyoCatalogClient Catalog, KlaviyoClient Klaviyo, KlaviyoCalls Calls, TimeProvider Time);
