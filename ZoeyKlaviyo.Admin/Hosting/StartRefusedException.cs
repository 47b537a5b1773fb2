namespace ZoeyKlaviyo.Admin.Hosting;

/// <summary>The process must not start. The message is all the operator sees: it names the cause and what to set.</summary>
public sealed class StartRefusedException(string message, Exception? inner = null) : Exception(message, inner);
