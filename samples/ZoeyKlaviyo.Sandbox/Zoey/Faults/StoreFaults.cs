namespace ZoeyKlaviyo.Sandbox.Zoey.Faults;

/// <summary>The faults of the store's REST API that are switched on; the first that fits a request hits it.</summary>
public sealed class StoreFaults
{
    private readonly Lock _lock = new();
    private readonly List<StoreFault> _faults = [];

    public IReadOnlyList<StoreFault> Active
    {
        get
        {
            lock (_lock)
                return [.. _faults];
        }
    }

    public void Add(StoreFault fault)
    {
        lock (_lock)
            _faults.Add(fault);
    }

    public void Clear()
    {
        lock (_lock)
            _faults.Clear();
    }

    internal StoreFault? Take(string path)
    {
        lock (_lock)
        {
            var index = _faults.FindIndex(fault => Fits(fault, path));
            while (index >= 0 && _faults[index].Skip is > 0 and var skip)
            {
                _faults[index] = _faults[index] with { Skip = skip - 1 };
                index = _faults.FindIndex(index + 1, fault => Fits(fault, path));
            }
            if (index < 0)
                return null;
            var fault = _faults[index];
            if (fault.Times is <= 1)
                _faults.RemoveAt(index);
            else
                _faults[index] = fault with { Times = fault.Times - 1 };
            return fault;
        }
    }

    private static bool Fits(StoreFault fault, string path) => fault.Path is null || path.Contains(fault.Path, StringComparison.Ordinal);
}
