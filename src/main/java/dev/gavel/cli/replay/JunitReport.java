package dev.gavel.cli.replay;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The results of policy tests as build servers read them: a suite a test file, a case a test. */
final class JunitReport {
    private JunitReport() {}

    static void write(Path file, List<TestResult> results) throws IOException {
        Map<Path, List<TestResult>> suites = new LinkedHashMap<>();
        results.forEach(result ->
                suites.computeIfAbsent(result.file(), any -> new ArrayList<>()).add(result));
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuites");
            for (Map.Entry<Path, List<TestResult>> suite : suites.entrySet()) {
                suite(xml, suite.getKey(), suite.getValue());
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private static void suite(XMLStreamWriter xml, Path file, List<TestResult> results) throws XMLStreamException {
        long failures = results.stream().filter(result -> !result.passed()).count();
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", file.toString());
        xml.writeAttribute("tests", Integer.toString(results.size()));
        xml.writeAttribute("failures", Long.toString(failures));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", "0");
        for (TestResult result : results) {
            xml.writeStartElement("testcase");
            xml.writeAttribute("classname", file.toString());
            xml.writeAttribute("name", result.name());
            if (!result.passed()) {
                xml.writeStartElement("failure");
                xml.writeAttribute(
                        "message", result.failures().get(0).lines().findFirst().orElse(""));
                xml.writeCharacters(String.join("\n", result.failures()));
                xml.writeEndElement();
            }
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }
}
