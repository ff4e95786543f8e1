namespace Azure.Data.Tables;

/// <summary>What a transaction does with one entity.</summary>
public enum TableTransactionActionType
{
    /// <summary>Adds it; fails if it exists.</summary>
    Add = 0,

    /// <summary>Merges it into the existing one; fails if there is none or the ETag differs.</summary>
    UpdateMerge = 1,

    /// <summary>Replaces the existing one; fails if there is none or the ETag differs.</summary>
    UpdateReplace = 2,

    /// <summary>Deletes it; fails if there is none or the ETag differs.</summary>
    Delete = 3,

    /// <summary>Merges it into the existing one, or adds it.</summary>
    UpsertMerge = 4,

    /// <summary>Replaces the existing one, or adds it.</summary>
    UpsertReplace = 5,
}
