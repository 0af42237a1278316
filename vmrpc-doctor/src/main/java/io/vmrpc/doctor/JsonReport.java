package io.vmrpc.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmrpc.layout.Protocol;

/** The report for programs. The shape is in docs/operations.md; names stay, new ones may come. */
final class JsonReport {
    private JsonReport() {}

    static String of(Report report) {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        root.put("role", report.role().word()).put("kernel", report.kernel()).put("protocol", Protocol.versionText(Protocol.VERSION))
                .put("level", report.level().word());
        ObjectNode counts = root.putObject("counts");
        for (Level level : Level.values()) {
            counts.put(level.word(), report.count(level));
        }
        ArrayNode findings = root.putArray("findings");
        for (Report.Line line : report.lines()) {
            findings.addObject().put("check", line.check()).put("level", line.finding().level().word()).put("found", line.finding().found())
                    .put("remedy", line.finding().remedy());
        }
        try {
            return json.writerWithDefaultPrettyPrinter().writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a tree of text and numbers is always JSON
        }
    }
}
