namespace ZoeyKlaviyo.Sandbox.Faults;

public sealed class FaultSwitch
{
    private readonly Lock _lock = new();
    private readonly List<Fault> _faults = [];

    public IReadOnlyList<Fault> Active
    {
        get
        {
            lock (_lock)
                return [.. _faults];
        }
    }

    public void Add(Fault fault)
    {
        lock (_lock)
            _faults.Add(fault);
    }

    public void Clear()
    {
        lock (_lock)
            _faults.Clear();
    }

    /// <summary>The first fault that hits this request, counted down.</summary>
    internal Fault? Take(string request, string body)
    {
        lock (_lock)
        {
            var index = _faults.FindIndex(fault => request.Contains(fault.Match, StringComparison.Ordinal)
                && (fault.Where is null || body.Contains(fault.Where, StringComparison.Ordinal)));
            if (index < 0)
                return null;
            var fault = _faults[index];
            if (fault.Times is { } times && times <= 1)
                _faults.RemoveAt(index);
            else if (fault.Times is not null)
                _faults[index] = fault with { Times = fault.Times - 1 };
            return fault;
        }
    }
}
