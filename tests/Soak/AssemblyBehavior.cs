// Both tests keep the machine busy, and one measures what the watchdogs do.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
