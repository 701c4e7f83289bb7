// Instead of `Sources/Tensors/Parallel.swift`: in a page's worker there is one thread.

/// Chunks of work, one after the other.
public enum Parallel {
  public static var threadCount: Int { 1 }

  public static func forEach(chunks: Int, _ body: (Int) -> Void) { for chunk in 0..<chunks { body(chunk) } }

  public static func forEach<Memory>(
    chunks: Int, on memory: Memory, _ body: (_ chunk: Int, _ memory: Memory) -> Void
  ) {
    for chunk in 0..<chunks { body(chunk, memory) }
  }
}

extension String {
  /// Embedded Swift keeps no names of types.
  public init<Kind>(describing kind: Kind.Type) { self = "layer" }
}
