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
    get { pool.size.load(ordering: .relaxed) }
    set { pool.size.store(max(1, newValue), ordering: .relaxed) }
  }

  /// Calls `body(0)`, `body(1)`, …, `body(chunks - 1)`, each exactly once, on all threads, and waits for the last.
  ///
  /// Which thread runs a chunk is not determined; chunks must write to disjoint memory.
  /// A call from within a chunk, or while another thread's region is running, is done by its caller alone.
  ///
  /// - Parameters:
  ///   - chunks: the number of pieces; at least 0.
  ///   - body: the work on one piece.
  public static func forEach(chunks: Int, _ body: @Sendable (Int) -> Void) {
    if chunks <= 1 || threadCount == 1 || !pool.begin() {
      for chunk in 0..<chunks { body(chunk) }
      return
    }
    // The closure is called from several threads at once but outlives none of the calls: `run` returns after the
    // last. Threads see it through a pointer, so that none of them keeps a reference when the region has ended.
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pool.run(chunks, $0) }
    }
    pool.end()
  }

  /// The same for work on memory: pointers, which the compiler cannot know to be used by one chunk at a time.
  ///
  /// A closure that is called from several threads must not capture what one of them could change under another: the compiler
  /// refuses `var sum = 0; Parallel.forEach(chunks: 1000) { sum += $0 }`. What chunks share in spite of it is handed in
  /// here, and it is the caller's word that they write to disjoint parts.
  public static func forEach<Memory>(
    chunks: Int, on memory: Memory, _ body: @Sendable (_ chunk: Int, _ memory: Memory) -> Void
  ) {
    nonisolated(unsafe) let memory = memory
    forEach(chunks: chunks) { body($0, memory) }
  }

  private static let pool = ThreadPool()
}

/// The helper threads, and the region they work on.
///
/// Each thread begins with a share of its own: chunks i of all regions of one size, and with them sample i of a batch,
/// stay on one core, whose caches know them. Who is done takes from the shares of the others.
private final class ThreadPool: Sendable {
  typealias Body = @Sendable (Int) -> Void

  /// Threads in use, the caller included.
  let size = Atomic(ProcessInfo.processInfo.activeProcessorCount)
  /// Threads that have been started.
  private let started = Atomic(1)
  /// Whether a region has the pool.
  private let isTaken = Atomic(false)

  /// Whether chunks may be taken.
  private let isOpen = Atomic(false)
  /// The number of regions so far: a helper enters each at most once. Its caller may be waiting for the very core on which
  /// a helper would look for more.
  private let regions = Atomic(0)
  /// Helpers inside the region: the region's memory is theirs until this is 0.
  private let inside = Atomic(0)
  private let total = Atomic(0)
  /// Between how many threads the chunks are shared.
  private let shares = Atomic(1)
  /// The address of the region's closure.
  private let body = Atomic<UInt>(0)
  /// The next chunk of each share.
  private let cursors = Cursors()

  /// Until when the caller works alone, in nanoseconds: another program has a helper's core.
  private let aloneUntil = Atomic<UInt64>(0)

  /// Where helpers sleep when nothing has come for a while.
  private let sleepers = Atomic(0)
  private let bell = NSCondition()

  /// Takes the pool; false where it is taken.
  func begin() -> Bool { isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged }
  /// Gives it back.
  func end() { isTaken.store(false, ordering: .releasing) }

  /// Runs all chunks, the caller's thread among the workers.
  ///
  /// A helper that another program has pushed off its core keeps the caller waiting for the one chunk it has begun. Where
  /// that takes longer than all the rest, the caller goes on alone for a tenth of a second: beside a busy neighbour two
  /// threads are not slower than one.
  func run(_ chunks: Int, _ work: UnsafePointer<Body>) {
    let start = DispatchTime.now().uptimeNanoseconds
    if start < aloneUntil.load(ordering: .relaxed) {
      for chunk in 0..<chunks { work.pointee(chunk) }
      return
    }
    let threads = min(size.load(ordering: .relaxed), Cursors.count)
    while started.load(ordering: .relaxed) < threads { startHelper() }
    let shares = min(threads, chunks)
    for share in 0..<shares { cursors[share].store(share * chunks / shares, ordering: .relaxed) }
    total.store(chunks, ordering: .relaxed)
    self.shares.store(shares, ordering: .relaxed)
    body.store(UInt(bitPattern: work), ordering: .relaxed)
    regions.wrappingAdd(1, ordering: .relaxed)
    isOpen.store(true, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      bell.lock()
      bell.broadcast()
      bell.unlock()
    }
    takeChunks(0)
    // No helper enters a closed region; wait for those inside.
    isOpen.store(false, ordering: .sequentiallyConsistent)
    if inside.load(ordering: .sequentiallyConsistent) == 0 { return }
    let done = DispatchTime.now().uptimeNanoseconds
    var waited = 0
    while inside.load(ordering: .sequentiallyConsistent) > 0 {
      waited += 1
      if waited > 2_000 { sched_yield() }
    }
    let end = DispatchTime.now().uptimeNanoseconds
    if end - done > max(200_000, done - start) { aloneUntil.store(end + 100_000_000, ordering: .relaxed) }
  }

  /// Works until every chunk is taken. Never inlined: its reference to the closure must be gone before a helper says that
  /// it is out of the region.
  @inline(never) private func takeChunks(_ place: Int) {
    let (total, shares) = (total.load(ordering: .relaxed), shares.load(ordering: .relaxed))
    // Read once: each reading counts a reference, and two threads that count on one line of the cache hold each other up.
    guard let body = UnsafePointer<Body>(bitPattern: body.load(ordering: .relaxed))?.pointee else { return }
    for turn in 0..<shares {
      let share = (place + turn) % shares
      let end = (share + 1) * total / shares
      while cursors[share].load(ordering: .relaxed) < end {
        let chunk = cursors[share].wrappingAdd(1, ordering: .relaxed).oldValue
        if chunk >= end { break }
        body(chunk)
      }
    }
  }

  private func startHelper() {
    let place = started.wrappingAdd(1, ordering: .relaxed).oldValue
    let thread = Thread { [self] in
      var (idle, known) = (0, 0)
      while true {
        let isWanted = place < size.load(ordering: .relaxed)
        if isWanted && isOpen.load(ordering: .sequentiallyConsistent) && regions.load(ordering: .relaxed) != known {
          // First enter, then look again: the caller first closes, then looks who is inside.
          inside.wrappingAdd(1, ordering: .sequentiallyConsistent)
          if isOpen.load(ordering: .sequentiallyConsistent) {
            known = regions.load(ordering: .relaxed)
            takeChunks(place)
          }
          inside.wrappingSubtract(1, ordering: .sequentiallyConsistent)
          idle = 0
        } else {
          idle += 1
          // On a busy machine the caller may share this core: then it goes on only when this thread lets go.
          if idle % 2_000 == 0 { sched_yield() }
          if idle > 200_000 {
            sleep(known)
            idle = 0
          }
        }
      }
    }
    // Kernels keep small scratch arrays on the stack.
    thread.stackSize = 4 << 20
    thread.start()
  }

  private func sleep(_ known: Int) {
    bell.lock()
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if !isOpen.load(ordering: .sequentiallyConsistent) || regions.load(ordering: .relaxed) == known { bell.wait() }
    sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    bell.unlock()
  }
}

/// A counter for each thread, each on cache lines of its own.
private struct Cursors: @unchecked Sendable {
  static let count = 256
  private static let spacing = 16
  private let memory: UnsafeMutablePointer<Atomic<Int>>

  init() {
    memory = .allocate(capacity: Self.count * Self.spacing)
    for place in 0..<Self.count { (memory + place * Self.spacing).initialize(to: Atomic(0)) }
  }

  subscript(place: Int) -> Atomic<Int> {
    unsafeAddress { UnsafePointer(memory + place * Self.spacing) }
  }
}
