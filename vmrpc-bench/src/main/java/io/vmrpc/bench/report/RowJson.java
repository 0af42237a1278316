package io.vmrpc.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** The JSON object of a row, without its histogram: shared by the file and by the line. */
final class RowJson {
    static final ObjectMapper JSON = new ObjectMapper();

    private RowJson() {
    }

    static ObjectNode toJson(final Row row) {
        final ObjectNode json = JSON.createObjectNode()
            .put("bench", row.bench()).put("variant", row.variant()).put("vm", row.vm()).put("load", row.load());
        final ObjectNode params = json.putObject("params");
        row.params().forEach(params::put);
        params.remove(Variants.UNIT); // it stands beside the figures
        final Figures figures = row.figures();
        return json.put("unit", Units.of(row)).put("count", figures.count()).put("mean", figures.mean())
            .put("p50", figures.p50()).put("p90", figures.p90()).put("p99", figures.p99()).put("p999", figures.p999())
            .put("max", figures.max());
    }

    /** Throws IllegalArgumentException that names the field which is missing or wrong. */
    static Row fromJson(final JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("a row must be a JSON object, but is " + json.getNodeType());
        }
        final Figures figures = new Figures(whole(json, "count"), number(json, "mean").asDouble(), whole(json, "p50"),
            whole(json, "p90"), whole(json, "p99"), whole(json, "p999"), whole(json, "max"));
        return Row.of(text(json, "bench"), text(json, "variant"), text(json, "vm"), text(json, "load"), params(json), figures);
    }

    private static Map<String, String> params(final JsonNode json) {
        final Map<String, String> params = new TreeMap<>();
        json.path("params").properties().forEach(entry -> params.put(entry.getKey(), entry.getValue().asText()));
        final String unit = text(json, "unit");
        if (!unit.equals(Units.NANOSECONDS)) {
            params.put(Variants.UNIT, unit);
        }
        return params;
    }

    private static String text(final JsonNode json, final String field) {
        final JsonNode value = json.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("a row needs the text field " + field);
        }
        return value.textValue();
    }

    private static long whole(final JsonNode json, final String field) {
        final JsonNode value = number(json, field);
        if (!value.canConvertToLong()) {
            throw new IllegalArgumentException(field + "=" + value + " exceeds 64 bits");
        }
        return value.longValue();
    }

    private static JsonNode number(final JsonNode json, final String field) {
        final JsonNode value = json.path(field);
        if (!value.isNumber()) {
            throw new IllegalArgumentException("a row needs the number field " + field);
        }
        return value;
    }
}
