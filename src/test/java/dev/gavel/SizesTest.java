package dev.gavel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Holds how large files, methods and lines may grow; beyond it wants a new noun. */
class SizesTest {
    private static final int FILE_LINES = 300;
    private static final int METHOD_LINES = 40;
    private static final int COLUMNS = 120;
    private static final Pattern COMMENT = Pattern.compile("\\s*(/\\*|\\*|//)");

    private static List<Path> sources(String folder) {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void noFileIsTooLong() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : sources("src/main/java")) {
            int lines = Files.readAllLines(file).size();
            if (lines > FILE_LINES) {
                tooLong.add(file + ": " + lines + " lines");
            }
        }
        assertThat(tooLong).as("files of more than %d lines", FILE_LINES).isEmpty();
    }

    /** The formatter wraps code, but no comments. */
    @Test
    void noCommentIsTooWide() throws IOException {
        List<String> tooWide = new ArrayList<>();
        for (String folder : List.of("src/main/java", "src/test/java", "src/jmh/java")) {
            for (Path file : sources(folder)) {
                List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    String line = lines.get(i);
                    if (line.length() > COLUMNS && COMMENT.matcher(line).lookingAt()) {
                        tooWide.add(file + ":" + (i + 1) + ": " + line.length() + " columns");
                    }
                }
            }
        }
        assertThat(tooWide).as("comments of more than %d columns", COLUMNS).isEmpty();
    }

    @Test
    void noMethodIsTooLong() throws IOException {
        List<String> tooLong = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources("src/main/java")));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree file : task.parse()) {
                new Lengths(file, positions, tooLong).scan(file, null);
            }
        }
        assertThat(tooLong)
                .as("methods of more than %d lines, from the first line behind Javadoc and annotations", METHOD_LINES)
                .isEmpty();
    }

    /** Adds the methods and constructors of one file that are too long. */
    private static final class Lengths extends TreeScanner<Void, Void> {
        private final CompilationUnitTree file;
        private final SourcePositions positions;
        private final List<String> tooLong;

        Lengths(CompilationUnitTree file, SourcePositions positions, List<String> tooLong) {
            this.file = file;
            this.positions = positions;
            this.tooLong = tooLong;
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            LineMap lines = file.getLineMap();
            long start = positions.getStartPosition(file, method);
            for (Tree annotation : method.getModifiers().getAnnotations()) {
                start = Math.max(start, positions.getEndPosition(file, annotation) + 1);
            }
            long first = lines.getLineNumber(start);
            long count = lines.getLineNumber(positions.getEndPosition(file, method)) - first + 1;
            if (count > METHOD_LINES) {
                tooLong.add(file.getSourceFile().getName() + ":" + first + ": " + method.getName() + ", " + count
                        + " lines");
            }
            return super.visitMethod(method, null);
        }
    }
}
