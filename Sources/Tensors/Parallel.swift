// The one place where threads meet: a fixed piece of work, cut into fixed chunks, shared among all cores.

import Foundation
import Synchronization

/// Runs independent chunks of work on all cores.
///
/// Every kernel cuts its *output* into chunks whose bounds depend on the problem alone, never on the number of
/// threads, and each chunk is computed by one thread in a fixed order. So the same input gives the same bits on one
/// thread and on sixty-four.
///
/// A training step of LeNet-5 has some thirty such regions and takes less than a millisecond; waking a sleeping thread
/// takes fifty microseconds. So the helpers stay awake for a moment after each region and look for the next one.
public enum Parallel {
  /// The number of threads in use, the caller included: by default one for each core.
  ///
  /// Setting it changes the speed and not a single bit of any result.
  public static var threadCount: Int {
    get { crew.size.load(ordering: .relaxed) }
    set { crew.size.store(max(1, newValue), ordering: .relaxed) }
  }

  /// Calls `body(0)`, `body(1)`, …, `body(chunks - 1)`, each exactly once, on all threads, and waits for the last.
  ///
  /// Which thread runs a chunk is not determined; chunks must write to disjoint memory.
  /// A call from within a chunk, or while another thread's region is running, is done by its caller alone.
  ///
  /// - Parameters:
  ///   - chunks: the number of pieces; at least 0.
  ///   - body: the work on one piece.
  public static func forEach(chunks: Int, _ body: (Int) -> Void) {
    if chunks <= 1 || threadCount == 1 || !crew.begin() {
      for chunk in 0..<chunks { body(chunk) }
      return
    }
    // The closure is called from several threads at once but outlives none of the calls: `run` returns after the
    // last. Threads see it through a pointer, so that none of them keeps a reference when the region has ended.
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { crew.run(chunks, $0) }
    }
    crew.end()
  }

  private static let crew = Crew()
}

/// The helper threads, and the region they work on.
private final class Crew: Sendable {
  typealias Body = (Int) -> Void

  /// Threads in use, the caller included.
  let size = Atomic(ProcessInfo.processInfo.activeProcessorCount)
  /// Threads that have been started.
  private let started = Atomic(1)
  /// Whether a region has the crew.
  private let isTaken = Atomic(false)

  /// Whether chunks may be taken.
  private let isOpen = Atomic(false)
  /// Helpers inside the region: the region's memory is theirs until this is 0.
  private let inside = Atomic(0)
  private let next = Atomic(0)
  private let total = Atomic(0)
  /// The address of the region's closure.
  private let body = Atomic<UInt>(0)

  /// Where helpers sleep when nothing has come for a while.
  private let sleepers = Atomic(0)
  private let bell = NSCondition()

  /// Takes the crew; false where it is taken.
  func begin() -> Bool { isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged }
  /// Gives it back.
  func end() { isTaken.store(false, ordering: .releasing) }

  /// Runs all chunks, the caller's thread among the workers.
  func run(_ chunks: Int, _ work: UnsafePointer<Body>) {
    while started.load(ordering: .relaxed) < size.load(ordering: .relaxed) { startHelper() }
    total.store(chunks, ordering: .relaxed)
    next.store(0, ordering: .relaxed)
    body.store(UInt(bitPattern: work), ordering: .relaxed)
    isOpen.store(true, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      bell.lock()
      bell.broadcast()
      bell.unlock()
    }
    takeChunks()
    // No helper enters a closed region; wait for those inside.
    isOpen.store(false, ordering: .sequentiallyConsistent)
    var waited = 0
    while inside.load(ordering: .sequentiallyConsistent) > 0 {
      waited += 1
      if waited > 2_000 { sched_yield() }
    }
  }

  /// Whether there is a chunk that nobody has taken. A region may stay open without one: its caller may be waiting for
  /// the very core on which a helper looks for more.
  private var hasChunks: Bool {
    isOpen.load(ordering: .sequentiallyConsistent) && next.load(ordering: .relaxed) < total.load(ordering: .relaxed)
  }

  /// Works until every chunk is taken. Never inlined: its reference to the closure must be gone before a helper says that
  /// it is out of the region.
  @inline(never) private func takeChunks() {
    let (count, work) = (total.load(ordering: .relaxed), body.load(ordering: .relaxed))
    // Read once: each reading counts a reference, and two threads that count on one line of the cache hold each other up.
    guard let body = UnsafePointer<Body>(bitPattern: work)?.pointee else { return }
    while true {
      let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if chunk >= count { return }
      body(chunk)
    }
  }

  private func startHelper() {
    let place = started.wrappingAdd(1, ordering: .relaxed).oldValue
    let thread = Thread { [self] in
      var idle = 0
      while true {
        let isWanted = place < size.load(ordering: .relaxed)
        if isWanted && hasChunks {
          // First enter, then look again: the caller first closes, then looks who is inside.
          inside.wrappingAdd(1, ordering: .sequentiallyConsistent)
          if isOpen.load(ordering: .sequentiallyConsistent) { takeChunks() }
          inside.wrappingSubtract(1, ordering: .sequentiallyConsistent)
          idle = 0
        } else {
          idle += 1
          // On a busy machine the caller may share this core: then it goes on only when this thread lets go.
          if idle % 2_000 == 0 { sched_yield() }
          if idle > 20_000 {
            sleep()
            idle = 0
          }
        }
      }
    }
    // Kernels keep small scratch arrays on the stack.
    thread.stackSize = 4 << 20
    thread.start()
  }

  private func sleep() {
    bell.lock()
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if !hasChunks { bell.wait() }
    sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    bell.unlock()
  }
}
