package io.vmrpc.processor;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** A run of javac with the processor over one source. */
record Compilation(boolean isSuccessful, List<Diagnostic<? extends JavaFileObject>> diagnostics) {

    static Compilation of(final Path folder, final String source) throws IOException {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final DiagnosticCollector<JavaFileObject> collector = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(collector, null, null)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(folder));
            files.setLocationFromPaths(StandardLocation.SOURCE_OUTPUT, List.of(folder));
            final JavaCompiler.CompilationTask task = compiler.getTask(null, files, collector,
                List.of("-Xlint:all,-processing,-options", "-Werror", "-Xdoclint:all,-missing", "--release", "17"), null,
                List.of(new Source("test.Calc", source)));
            task.setProcessors(List.of(new ServiceProcessor()));
            final boolean isSuccessful = task.call();
            return new Compilation(isSuccessful, new ArrayList<>(collector.getDiagnostics()));
        }
    }

    String text() {
        return diagnostics.stream().map(each -> each.getLineNumber() + ": " + each.getMessage(null)).collect(Collectors.joining("\n"));
    }

    /** A source in memory. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(final String name, final String text) {
            super(URI.create("string:///" + name.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(final boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
