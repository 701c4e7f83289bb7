// The one place where threads meet: a fixed piece of work, cut into fixed chunks, shared among all cores.

import Dispatch
import Foundation

/// Runs independent chunks of work on all cores.
///
/// Every kernel cuts its *output* into chunks whose bounds depend on the problem alone, never on the number of
/// threads, and each chunk is computed by one thread in a fixed order. So the same input gives the same bits on one
/// thread and on sixty-four.
public enum Parallel {
  /// The number of threads in use, the caller included: by default one for each core.
  ///
  /// Setting it changes the speed and not a single bit of any result. Set it once, before the work begins.
  public static var threadCount: Int {
    get { shared.threadCount }
    set { shared.threadCount = max(1, newValue) }
  }

  /// Calls `body(0)`, `body(1)`, …, `body(chunks - 1)`, each exactly once, on all threads, and waits for the last.
  ///
  /// Which thread runs a chunk is not determined; chunks must write to disjoint memory.
  /// A nested call runs in the thread that makes it.
  ///
  /// - Parameters:
  ///   - chunks: the number of pieces; at least 0.
  ///   - body: the work on one piece.
  public static func forEach(chunks: Int, _ body: (Int) -> Void) {
    if chunks <= 1 || shared.threadCount == 1 {
      for chunk in 0..<chunks { body(chunk) }
      return
    }
    withoutActuallyEscaping(body) { body in
      // The closure is called from several threads at once but outlives none of them: `concurrentPerform` returns
      // after the last call. Its captures are buffers of which each chunk writes its own part.
      nonisolated(unsafe) let work = body
      let lanes = min(shared.threadCount, chunks)
      DispatchQueue.concurrentPerform(iterations: lanes) { lane in
        for chunk in stride(from: lane, to: chunks, by: lanes) { work(chunk) }
      }
    }
  }

  private final class State: @unchecked Sendable {
    var threadCount = ProcessInfo.processInfo.activeProcessorCount
  }
  private static let shared = State()
}
