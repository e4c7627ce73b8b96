using System.Globalization;
using System.Xml;
using Sluice.Cli.Scenarios.Running;

namespace Sluice.Cli.Scenarios;

/// <summary>Results in the XML that CI systems read.</summary>
internal static class JUnitReport
{
    public static void Write(string path, IReadOnlyList<ScenarioResult> results)
    {
        using var xml = XmlWriter.Create(path, new XmlWriterSettings { Indent = true });
        xml.WriteStartElement("testsuites");
        foreach (var suite in results.GroupBy(r => r.Scenario.File))
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", suite.Key);
            xml.WriteAttributeString("tests", Number(suite.Count()));
            xml.WriteAttributeString("failures", Number(suite.Count(r => r.Failures.Count > 0)));
            xml.WriteAttributeString("time", Seconds(suite.Aggregate(TimeSpan.Zero, (sum, r) => sum + r.Took)));
            foreach (var result in suite)
            {
                Write(xml, result);
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Write(XmlWriter xml, ScenarioResult result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", result.Scenario.File);
        xml.WriteAttributeString("name", $"{result.Scenario.Name} [{result.Scenario.Cell}]");
        xml.WriteAttributeString("time", Seconds(result.Took));
        if (result.Failures.Count > 0)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", Legal(result.Failures[0]));
            xml.WriteString(Legal(string.Join('\n', [.. result.Failures, "", .. result.Story])));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>XML has no words for most control characters, not even escaped.</summary>
    private static string Legal(string text) => string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) ? c : '\uFFFD'));
}
