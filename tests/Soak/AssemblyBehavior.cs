// Each test runs a whole system with the real CLI, which keeps the machine busy by itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
