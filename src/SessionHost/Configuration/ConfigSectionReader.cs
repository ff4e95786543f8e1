using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>Reads YAML nodes as an options type wants them: its properties are the keys, in snake_case.</summary>
/// <remarks>Reads on after a fault, so that all of them are found at once; a value that is wrong is left out.</remarks>
internal sealed class ConfigSectionReader(ConfigValues values, ConfigFaults faults)
{
    /// <param name="path">Where the node belongs, as a key of .NET's configuration.</param>
    /// <param name="name">The same as the file says it, for messages.</param>
    public void Read(YamlNode node, Type type, string path, string name)
    {
        values.Enter(path, node.Start);
        if (node is YamlScalarNode { Value: null or "", Style: ScalarStyle.Plain })
        {
            // Nothing follows the key: as if it were not there.
            return;
        }

        if (ConfigScalar.IsScalar(type))
        {
            ReadScalar(node, type, path, name);
        }
        else if (type.IsArray)
        {
            ReadList(node, type.GetElementType()!, path, name);
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>))
        {
            ReadNamed(node, type.GetGenericArguments()[1], path, name);
        }
        else
        {
            ReadSection(node, type, path, name);
        }
    }

    private void ReadScalar(YamlNode node, Type type, string path, string name)
    {
        if (node is not YamlScalarNode { Value: { } text })
        {
            faults.Add(node.Start, $"{name} must be {ConfigScalar.Describe(type)}, not {Describe(node)}.");
        }
        else if (ConfigScalar.Normalize(text, type) is not { } value)
        {
            faults.Add(node.Start, $"{name} must be {ConfigScalar.Describe(type)}, but is '{text}'.");
        }
        else
        {
            values.Set(path, value, node.Start);
        }
    }

    private void ReadList(YamlNode node, Type element, string path, string name)
    {
        if (node is not YamlSequenceNode list)
        {
            faults.Add(node.Start, $"{name} must be a list, not {Describe(node)}.");
            return;
        }

        for (var index = 0; index < list.Children.Count; index++)
        {
            Read(list.Children[index], element, Below(path, index.ToString(CultureInfo.InvariantCulture)), $"{name}[{index}]");
        }
    }

    private void ReadNamed(YamlNode node, Type element, string path, string name)
    {
        foreach (var (key, child) in Members(node, name))
        {
            if (key.Value is not { Length: > 0 } own || own.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal))
            {
                faults.Add(key.Start, $"{name} has '{key.Value}', which cannot be a name.");
                continue;
            }

            Read(child, element, Below(path, own), $"{name}.{own}");
            values.Enter(Below(path, own), key.Start);
        }
    }

    private void ReadSection(YamlNode node, Type type, string path, string name)
    {
        var properties = type.GetProperties().ToDictionary(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), StringComparer.Ordinal);
        foreach (var (key, child) in Members(node, name))
        {
            var full = name.Length == 0 ? key.Value : $"{name}.{key.Value}";
            if (!properties.TryGetValue(key.Value ?? string.Empty, out var property))
            {
                faults.Add(key.Start, $"{full} is not known. {KeySuggestion.For(key.Value ?? string.Empty, properties.Keys)}");
                continue;
            }

            var own = Below(path, property.Name);
            Read(child, property.PropertyType, own, full!);
            CheckRange(property, own, full!);
        }
    }

    private void CheckRange(PropertyInfo property, string path, string name)
    {
        if (!values.Settings.TryGetValue(path, out var value))
        {
            return;
        }

        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>().Where(rule => !rule.IsValid(ConfigScalar.Convert(value!, property.PropertyType))))
        {
            faults.Add(values.At(path), rule.FormatErrorMessage(name));
        }
    }

    private IEnumerable<(YamlScalarNode Key, YamlNode Value)> Members(YamlNode node, string name)
    {
        if (node is not YamlMappingNode map)
        {
            faults.Add(node.Start, $"{(name.Length == 0 ? "The file" : name)} must be a section of keys and values, not {Describe(node)}.");
            return [];
        }

        return map.Children.Where(child => child.Key is YamlScalarNode).Select(child => ((YamlScalarNode)child.Key, child.Value));
    }

    private static string Below(string path, string key) => path.Length == 0 ? key : ConfigurationPath.Combine(path, key);

    private static string Describe(YamlNode node) =>
        node switch
        {
            YamlMappingNode => "a section",
            YamlSequenceNode => "a list",
            _ => "a single value",
        };
}
