// Replaces `Sources/Tensors/Parallel.swift`: a page's worker has one thread.

/// Runs chunks of work one after the other.
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
  /// Replaces the name of a type, which Embedded Swift does not store.
  public init<Kind>(describing kind: Kind.Type) { self = "layer" }
}
