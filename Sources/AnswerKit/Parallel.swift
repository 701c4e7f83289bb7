// A stand-in for the core's parallel loops: an answer runs on one thread.

/// Runs chunks of work in sequence.
enum Parallel {
  static func forEach(chunks: Int, _ body: (Int) -> Void) { for chunk in 0..<chunks { body(chunk) } }
}
