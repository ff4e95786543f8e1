namespace FunctionsBroker.Conformance.Tests;

/// <summary>Where the promises of the cases are made.</summary>
internal static class Sources
{
    private const string Functions = "https://learn.microsoft.com/azure/azure-functions/";
    private const string Durable = Functions + "durable/";
    private const string Storage = "https://learn.microsoft.com/rest/api/storageservices/";
    private const string DurableSdk = "https://github.com/microsoft/durabletask-dotnet/blob/main/src/";
    private const string AzureSdk = "https://github.com/Azure/azure-sdk-for-net/blob/main/sdk/";

    public const string CodeConstraints = Durable + "durable-functions-code-constraints";
    public const string Orchestrations = Durable + "durable-functions-orchestrations";
    public const string Diagnostics = Durable + "durable-functions-diagnostics";
    public const string ErrorHandling = Durable + "durable-functions-error-handling";
    public const string SubOrchestrations = Durable + "durable-functions-sub-orchestrations";
    public const string ExternalEvents = Durable + "durable-functions-external-events";
    public const string DurableTimers = Durable + "durable-functions-timers";
    public const string EternalOrchestrations = Durable + "durable-functions-eternal-orchestrations";
    public const string CustomStatus = Durable + "durable-functions-custom-orchestration-status";
    public const string InstanceManagement = Durable + "durable-functions-instance-management";
    public const string DurableBindings = Durable + "durable-functions-bindings";
    public const string FanOut = Durable + "durable-functions-cloud-backup";
    public const string Chaining = Durable + "durable-functions-sequence";
    public const string DurableEntities = Durable + "durable-functions-entities";
    public const string DotNetEntities = Durable + "durable-functions-dotnet-entities";
    public const string Versioning = Durable + "durable-functions-orchestration-versioning";

    public const string OrchestrationContext = DurableSdk + "Abstractions/TaskOrchestrationContext.cs";
    public const string OrchestrationContextWrapper = DurableSdk + "Worker/Core/Shims/TaskOrchestrationContextWrapper.cs";
    public const string EntityContextWrapper = DurableSdk + "Worker/Core/Shims/TaskOrchestrationEntityContext.cs";
    public const string FailureDetails = DurableSdk + "Abstractions/TaskFailureDetails.cs";
    public const string FailedException = DurableSdk + "Abstractions/TaskFailedException.cs";
    public const string RetryPolicy = DurableSdk + "Abstractions/RetryPolicy.cs";
    public const string RetryContext = DurableSdk + "Abstractions/RetryHandler.cs";
    public const string Client = DurableSdk + "Client/Core/DurableTaskClient.cs";
    public const string OrchestrationQuery = DurableSdk + "Client/Core/OrchestrationQuery.cs";
    public const string OrchestrationMetadata = DurableSdk + "Client/Core/OrchestrationMetadata.cs";
    public const string TaskEntity = DurableSdk + "Abstractions/Entities/TaskEntity.cs";
    public const string EntityContext = DurableSdk + "Abstractions/Entities/TaskEntityContext.cs";
    public const string EntityInstanceId = DurableSdk + "Abstractions/Entities/EntityInstanceId.cs";
    public const string EntityFeature = DurableSdk + "Abstractions/Entities/TaskOrchestrationEntityFeature.cs";
    public const string EntityFailed = DurableSdk + "Abstractions/Entities/EntityOperationFailedException.cs";
    public const string EntityClient = DurableSdk + "Client/Core/Entities/DurableEntityClient.cs";
    public const string EntityQuery = DurableSdk + "Client/Core/Entities/EntityQuery.cs";
    public const string EntityState = DurableSdk + "Abstractions/Entities/TaskEntityState.cs";
    public const string DurableHostClient =
        "https://github.com/Azure/azure-functions-durable-extension/blob/dev/src/WebJobs.Extensions.DurableTask/ContextImplementations/DurableClient.cs";
    public const string DurableWorkerStartup =
        "https://github.com/Azure/azure-functions-durable-extension/blob/dev/src/Worker.Extensions.DurableTask/DurableTaskExtensionStartup.cs";
    public const string DurableHostMiddleware =
        "https://github.com/Azure/azure-functions-durable-extension/blob/dev/src/WebJobs.Extensions.DurableTask/OutOfProcMiddleware.cs";

    public const string HttpTrigger = Functions + "functions-bindings-http-webhook-trigger";
    public const string HttpOutput = Functions + "functions-bindings-http-webhook-output";
    public const string HttpSettings = Functions + "functions-bindings-http-webhook";
    public const string Isolated = Functions + "dotnet-isolated-process-guide";
    public const string AccessKeys = Functions + "function-keys-how-to";
    public const string QueueTrigger = Functions + "functions-bindings-storage-queue-trigger";
    public const string QueueOutput = Functions + "functions-bindings-storage-queue-output";
    public const string QueueSettings = Functions + "functions-bindings-storage-queue";
    public const string TimerTrigger = Functions + "functions-bindings-timer";
    public const string Expressions = Functions + "functions-bindings-expressions-patterns";
    public const string RouteConstraints = "https://learn.microsoft.com/aspnet/core/fundamentals/routing";
    public const string HostRouting =
        "https://github.com/Azure/azure-webjobs-sdk-extensions/blob/dev/src/WebJobs.Extensions.Http/Routing/WebJobsRouter.cs";

    public const string InsertEntity = Storage + "insert-entity";
    public const string UpdateEntity = Storage + "update-entity2";
    public const string MergeEntity = Storage + "merge-entity";
    public const string InsertOrMerge = Storage + "insert-or-merge-entity";
    public const string InsertOrReplace = Storage + "insert-or-replace-entity";
    public const string DeleteEntity = Storage + "delete-entity1";
    public const string QueryEntities = Storage + "query-entities";
    public const string Querying = Storage + "querying-tables-and-entities";
    public const string Paging = Storage + "query-timeout-and-pagination";
    public const string Transactions = Storage + "performing-entity-group-transactions";
    public const string DataModel = Storage + "understanding-the-table-service-data-model";
    public const string TableErrors = Storage + "table-service-error-codes";
    public const string CreateTable = Storage + "create-table";
    public const string DeleteTable = Storage + "delete-table";
    public const string QueryTables = Storage + "query-tables";
    public const string TableEntityClass = AzureSdk + "tables/Azure.Data.Tables/src/TableEntity.cs";
    public const string TableClientClass = AzureSdk + "tables/Azure.Data.Tables/src/TableClient.cs";
    public const string TableReadme = AzureSdk + "tables/Azure.Data.Tables/README.md";

    public const string PutMessage = Storage + "put-message";
    public const string GetMessages = Storage + "get-messages";
    public const string PeekMessages = Storage + "peek-messages";
    public const string DeleteMessage = Storage + "delete-message2";
    public const string UpdateMessage = Storage + "update-message";
    public const string ClearMessages = Storage + "clear-messages";
    public const string CreateQueue = Storage + "create-queue4";
    public const string DeleteQueue = Storage + "delete-queue3";
    public const string QueueMetadata = Storage + "set-queue-metadata";
    public const string GetQueueMetadata = Storage + "get-queue-metadata";
    public const string QueueNames = Storage + "naming-queues-and-metadata";
    public const string QueueErrors = Storage + "queue-service-error-codes";
    public const string ListQueues = Storage + "list-queues1";
    public const string QueueEncodings = AzureSdk + "storage/Azure.Storage.Queues/src/QueueMessageEncoding.cs";
    public const string QueueClientClass = AzureSdk + "storage/Azure.Storage.Queues/src/QueueClient.cs";
}
