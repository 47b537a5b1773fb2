using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;
using ZoeyKlaviyo.Admin.Subscribers;
using ZoeyKlaviyo.Core.Catalog;

namespace ZoeyKlaviyo.Admin.Catalog;

/// <summary>Takes a store's product export, for stores whose API does not say which product a variant belongs to.</summary>
public sealed partial class VariantUpload
{
    /// <summary>How many bytes are read between two words about it.</summary>
    private const long Step = 256 * 1024;

    private IBrowserFile? _file;
    private string? _problem;
    private VariantLinkOutcome? _outcome;
    private string? _taken;
    private int _replaced;
    private long? _read;
    private bool? _wasWanted;
    private Guid _inputKey = Guid.NewGuid();

    [Parameter, EditorRequired]
    public CatalogSummary Summary { get; set; } = default!;

    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Inject]
    private VariantLinkFile Links { get; init; } = default!;

    /// <summary>As it was when the page opened: nothing folds while somebody works with it.</summary>
    private bool IsWanted => _wasWanted ??= Summary.Listing?.ProductsWithoutVariants > 0;

    private void Choose(InputFileChangeEventArgs change)
    {
        (_problem, _outcome, _file) = (null, null, change.File);
        if (_file.Size <= VariantLinkFile.MaxBytes)
            return;
        _problem = $"{_file.Name} is larger than {SubscriberWords.Bytes(VariantLinkFile.MaxBytes)}. Export the products in parts, or without their descriptions.";
        _file = null;
    }

    private Task UploadAsync() => ActAsync(async cancellationToken =>
    {
        if (_file is not { } file)
            return;
        (_problem, _outcome, _read) = (null, null, 0);
        var before = Summary.Links?.Count ?? 0;
        try
        {
            await using var content = file.OpenReadStream(VariantLinkFile.MaxBytes, cancellationToken);
            var outcome = await Links.TakeAsync(Store, content, new Steps(this), cancellationToken);
            _problem = outcome.Problem;
            if (outcome.Problem is null)
            {
                (_outcome, _taken, _replaced) = (outcome, file.Name, before);
                Forget();
            }
        }
        catch (Exception exception) when (exception is IOException or JSException or TimeoutException or OperationCanceledException)
        {
            _problem = "The file could not be read in the browser, so what was known before still holds. Choose it again.";
        }
        finally
        {
            _read = null;
        }

        await OnChanged.InvokeAsync();
    });

    private void Forget()
    {
        (_file, _problem) = (null, null);
        // A new element: the same file can be chosen again.
        _inputKey = Guid.NewGuid();
    }

    /// <summary>Tells the page how far the reading is, now and then; called from other threads.</summary>
    private sealed class Steps(VariantUpload upload) : IProgress<long>
    {
        private long _told;

        public void Report(long value)
        {
            if (value - _told < Step)
                return;
            _told = value;
            _ = upload.InvokeAsync(() =>
            {
                if (upload._read is not null)
                    upload._read = Math.Min(value, upload._file?.Size ?? value);
                upload.StateHasChanged();
            });
        }
    }
}
