using ZoeyKlaviyo.Sandbox.Storage;

namespace ZoeyKlaviyo.Sandbox.Faults;

public sealed class FaultSwitch : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Fault> _faults = [];
    private readonly Journal<IReadOnlyList<Fault>> _journal;
    private int _lastId;

    public FaultSwitch(SandboxOptions options)
    {
        _journal = new(options.DataDirectory, "faults.jsonl");
        _faults.AddRange(_journal.Load().LastOrDefault() ?? []);
        _lastId = _faults.Select(fault => fault.Id).DefaultIfEmpty().Max();
    }

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
        {
            _faults.Add(fault with { Id = ++_lastId });
            Write();
        }
    }

    /// <summary>False when it has ended by itself meanwhile, or never was.</summary>
    public bool Remove(int id)
    {
        lock (_lock)
        {
            if (_faults.RemoveAll(fault => fault.Id == id) == 0)
                return false;
            Write();
            return true;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _faults.Clear();
            Write();
        }
    }

    public void Dispose() => _journal.Dispose();

    /// <summary>The first fault that hits this request, counted down.</summary>
    internal Fault? Take(string request, string body)
    {
        lock (_lock)
        {
            var index = _faults.FindIndex(fault => Fits(fault, request, body));
            while (index >= 0 && _faults[index].Skip is > 0 and var skip)
            {
                _faults[index] = _faults[index] with { Skip = skip - 1 };
                Write();
                index = _faults.FindIndex(index + 1, fault => Fits(fault, request, body));
            }
            if (index < 0)
                return null;
            var fault = _faults[index];
            if (fault.Times is not { } times)
                return fault;
            if (times <= 1)
                _faults.RemoveAt(index);
            else
                _faults[index] = fault with { Times = times - 1 };
            Write();
            return fault;
        }
    }

    private static bool Fits(Fault fault, string request, string body) =>
        request.Contains(fault.Match, StringComparison.Ordinal) && (fault.Where is null || body.Contains(fault.Where, StringComparison.Ordinal));

    /// <summary>Each line is all that is on; only the last one counts.</summary>
    private void Write()
    {
        if (_faults.Count == 0)
            _journal.Clear();
        else
            _journal.Append(_faults);
    }
}
