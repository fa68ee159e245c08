package dev.gavel.config;

import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Says in the policy author's terms what the YAML parser could not read. */
final class YamlMistakes {
    private YamlMistakes() {}

    static String describe(MarkedYamlEngineException e) {
        String problem = e.getProblem() == null ? "" : e.getProblem().replaceAll("\\p{Cntrl}", " ");
        String context = e.getContext() == null ? "" : e.getContext();
        if (problem.contains("mapping values are not allowed")) {
            return "\": \" inside a plain value, which YAML takes for a key; expected a value written as '…'"
                    + " (a ' inside doubled) or, for an expression, when: >-";
        }
        if (context.contains("flow ")) {
            return "not YAML (" + context + ", " + problem + "); expected , or the closing bracket: in {…} and […] a"
                    + " value ends at , ] and }, so write expressions in block style";
        }
        String where = context.isEmpty() ? "" : context + ", ";
        return "not YAML (" + where + problem
                + "); expected valid YAML: a value with special characters is written as '…' (a ' inside doubled)";
    }
}
