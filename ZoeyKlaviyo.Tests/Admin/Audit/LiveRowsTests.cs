using ZoeyKlaviyo.Admin.Shared;

namespace ZoeyKlaviyo.Tests.Admin.Audit;

public sealed class LiveRowsTests
{
    private readonly LiveRows<(int Id, string State)> _rows = new(row => row.Id);

    [Fact]
    public void Update_RowsAbove_AreCountedAndNothingMoves()
    {
        _rows.Show([(3, "running"), (2, "done"), (1, "done")]);

        _rows.Update([(5, "queued"), (4, "queued"), (3, "done")]);

        Assert.Equal(2, _rows.New);
        Assert.Equal([(3, "done"), (2, "done"), (1, "done")], _rows.Rows);
        Assert.DoesNotContain(_rows.Rows, _rows.IsGone);
    }

    [Fact]
    public void Update_RowThatLeftTheList_StaysWhereItIsAndIsMarked()
    {
        _rows.Show([(3, "waiting"), (2, "waiting"), (1, "waiting")]);

        _rows.Update([(3, "waiting"), (1, "waiting")]);

        Assert.Equal([3, 2, 1], _rows.Rows.Select(row => row.Id));
        Assert.Equal([2], _rows.Rows.Where(_rows.IsGone).Select(row => row.Id));
    }

    [Fact]
    public void Update_EveryRowLeft_MarksThemAll()
    {
        _rows.Show([(2, "waiting"), (1, "waiting")]);

        _rows.Update([]);

        Assert.All(_rows.Rows, row => Assert.True(_rows.IsGone(row)));
    }

    [Fact]
    public void Show_AfterNewRows_StartsAfresh()
    {
        _rows.Show([(1, "done")]);
        _rows.Update([(2, "done"), (1, "done")]);

        _rows.Show([(2, "done"), (1, "done")]);

        Assert.Equal((0, 2), (_rows.New, _rows.Rows.Count));
    }
}
