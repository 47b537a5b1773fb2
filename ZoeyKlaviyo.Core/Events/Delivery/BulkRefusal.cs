using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>Reads which events a refused bulk call was refused for.</summary>
internal static class BulkRefusal
{
    /// <returns>By position in the call, the answer as it concerns that event alone; null when an error names no event.</returns>
    public static Dictionary<int, KlaviyoAnswer>? TryRead(EventBatch call, KlaviyoAnswer answer)
    {
        var errors = new Dictionary<int, List<KlaviyoError>>();
        foreach (var error in answer.Errors)
        {
            if (call.Find(error.Pointer) is not { } positions)
                return null;
            foreach (var position in positions)
            {
                if (!errors.TryGetValue(position, out var own))
                    errors[position] = own = [];
                own.Add(error);
            }
        }

        return errors.Count == 0 ? null : errors.ToDictionary(pair => pair.Key, pair => answer.Only(pair.Value));
    }
}
