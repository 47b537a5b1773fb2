using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;
using ZoeyKlaviyo.Core.Subscribers.Csv;
using ZoeyKlaviyo.Core.Subscribers.Files;

namespace ZoeyKlaviyo.Admin.Subscribers;

/// <summary>Takes a file of subscribers: its columns are shown for confirmation before anything is read.</summary>
public sealed partial class SubscriberUpload
{
    private IBrowserFile? _file;
    private SubscriberCsvRecognition? _recognised;
    private string? _problem;
    private int? _email;
    private int? _status;
    private int? _changedAt;
    private int? _id;
    private bool _isAllSubscribed;
    private long? _sent;
    private Guid _inputKey = Guid.NewGuid();

    [Parameter, EditorRequired]
    public FileView Import { get; set; } = default!;

    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Inject]
    private SubscriberFiles Files { get; init; } = default!;

    private Task RecogniseAsync(InputFileChangeEventArgs change) => ActAsync(async cancellationToken =>
    {
        (_recognised, _problem, _isAllSubscribed, _file) = (null, null, false, change.File);
        if (_file.Size > SubscriberCsv.MaxBytes)
        {
            _problem = $"{_file.Name} is larger than {SubscriberWords.Bytes(SubscriberCsv.MaxBytes)}. Split it.";
            return;
        }

        await TryAsync(async () =>
        {
            await using var content = _file.OpenReadStream(SubscriberCsv.MaxBytes, cancellationToken);
            _recognised = await SubscriberCsv.RecogniseAsync(content, cancellationToken);
            (_problem, _email, _status, _changedAt, _id) = (_recognised.Problem, _recognised.Email, _recognised.Status, _recognised.ChangedAt, _recognised.Id);
        });
    });

    private Task UploadAsync() => ActAsync(async cancellationToken =>
    {
        _problem = Wrong();
        if (_problem is not null)
            return;
        var columns = new SubscriberColumns(
            _email!.Value, _status, _status is null, _changedAt, _id, _recognised!.Delimiter, _recognised.Encoding, _recognised.HasHeader);
        await TryAsync(async () =>
        {
            _sent = 0;
            await using var content = _file!.OpenReadStream(SubscriberCsv.MaxBytes, cancellationToken);
            if (await Files.UploadAsync(Store, _file.Name, content, columns, Show, cancellationToken) is null)
                _problem = "The store is not connected to Klaviyo, so the file was not taken.";
            else
                Forget();
        });
        _sent = null;
        await OnChanged.InvokeAsync();
    });

    private string? Wrong()
    {
        int[] chosen = [.. new[] { _email, _status, _changedAt, _id }.OfType<int>()];
        return _email is null ? "Choose the column that holds the e-mail addresses."
            : chosen.Distinct().Count() < chosen.Length ? "The same column was chosen twice."
            : _status is null && !_isAllSubscribed ? "Choose the column that holds the status, or tick that everybody in this file is subscribed."
            : null;
    }

    private void Show(long sent)
    {
        _sent = sent;
        _ = InvokeAsync(StateHasChanged);
    }

    private void Forget()
    {
        (_file, _recognised, _problem) = (null, null, null);
        // A new element: the same file can be chosen again.
        _inputKey = Guid.NewGuid();
    }

    /// <summary>What the person chose stays when the way to the browser breaks.</summary>
    private async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (InvalidDataException exception)
        {
            _problem = exception.Message;
        }
        catch (Exception exception) when (exception is IOException or JSException or TimeoutException or OperationCanceledException)
        {
            _problem = "The file could not be read in the browser. Choose it again.";
        }
    }
}
