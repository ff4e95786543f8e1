using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace FunctionsBroker.Conformance.Tests.PublicApi;

/// <summary>Reads from a compiled program which types and members of the Azure packages, or of what stands for them, it uses.</summary>
internal static class UsedMembers
{
    private const string LocalPrefix = "FunctionsBroker.Local.";

    private static readonly string[] s_packages =
        ["Azure.Data.Tables", "Azure.Storage.", "DurableTask.Core", "Microsoft.Azure.Functions.Worker", "Microsoft.DurableTask."];

    /// <returns>A line for each: <c>Namespace.Type</c>, or <c>Namespace.Type: result Member(parameters)</c>.</returns>
    public static IEnumerable<string> Of(string assemblyPath)
    {
        using var file = new PEReader(File.OpenRead(assemblyPath));
        var metadata = file.GetMetadataReader();
        var lines = new List<string>();
        foreach (var handle in metadata.TypeReferences)
        {
            if (IsOfAPackage(metadata, handle))
            {
                lines.Add(SignatureText.Instance.GetTypeFromReference(metadata, handle, 0));
            }
        }

        foreach (var handle in metadata.MemberReferences)
        {
            if (Describe(metadata, metadata.GetMemberReference(handle)) is { } line)
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    private static string? Describe(MetadataReader metadata, MemberReference member)
    {
        if (DeclaringType(metadata, member.Parent) is not { } type)
        {
            return null;
        }

        var name = metadata.GetString(member.Name);
        if (member.GetKind() == MemberReferenceKind.Field)
        {
            return $"{type}: {member.DecodeFieldSignature(SignatureText.Instance, null)} {name}";
        }

        var signature = member.DecodeMethodSignature(SignatureText.Instance, null);
        var generics = signature.GenericParameterCount == 0 ? string.Empty : $"<{signature.GenericParameterCount}>";
        return $"{type}: {signature.ReturnType} {name}{generics}({string.Join(", ", signature.ParameterTypes)})";
    }

    private static string? DeclaringType(MetadataReader metadata, EntityHandle parent)
    {
        switch (parent.Kind)
        {
            case HandleKind.TypeReference when IsOfAPackage(metadata, (TypeReferenceHandle)parent):
                return SignatureText.Instance.GetTypeFromReference(metadata, (TypeReferenceHandle)parent, 0);
            case HandleKind.TypeSpecification:
                // An instance of a generic type: its members are those of the type itself.
                var finder = new GenericDefinition();
                metadata.GetTypeSpecification((TypeSpecificationHandle)parent).DecodeSignature(finder, null);
                return finder.Found is { } found && IsOfAPackage(metadata, found)
                    ? SignatureText.Instance.GetTypeFromReference(metadata, found, 0)
                    : null;
            default:
                return null;
        }
    }

    private static bool IsOfAPackage(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        switch (type.ResolutionScope.Kind)
        {
            case HandleKind.TypeReference:
                return IsOfAPackage(metadata, (TypeReferenceHandle)type.ResolutionScope);
            case HandleKind.AssemblyReference:
                var assembly = metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name);
                return assembly.StartsWith(LocalPrefix, StringComparison.Ordinal)
                    || s_packages.Any(package => assembly.StartsWith(package, StringComparison.Ordinal));
            default:
                return false;
        }
    }

    /// <summary>Finds the generic type in an instance of it, which is decoded first; its arguments are of no interest.</summary>
    private sealed class GenericDefinition : TypeWalk
    {
        private bool _decided;

        /// <summary>The type, if it is of another assembly.</summary>
        public TypeReferenceHandle? Found { get; private set; }

        public override string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            Found = _decided ? Found : handle;
            _decided = true;
            return base.GetTypeFromReference(reader, handle, rawTypeKind);
        }

        public override string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            _decided = true;
            return base.GetTypeFromDefinition(reader, handle, rawTypeKind);
        }
    }
}
