using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ZoeyKlaviyo.Core.Storage;

/// <summary>
/// SQLite cannot compare or order <see cref="DateTimeOffset"/>, PostgreSQL refuses one with an offset: both take a number.
/// Read back, the offset is always zero (UTC) and the precision is a millisecond.
/// </summary>
internal sealed class UnixMillisecondsConverter() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(),
    milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
