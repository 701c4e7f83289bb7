// Where an answer runs there is one thread.

/// Chunks of work, one after the other.
enum Parallel {
  static func forEach(chunks: Int, _ body: (Int) -> Void) { for chunk in 0..<chunks { body(chunk) } }
}
