// All multithreading is in this file: a parallel region is cut into fixed chunks, which all cores share.

import Foundation
import Synchronization

/// Runs independent chunks of work on all cores.
///
/// Every kernel cuts its *output* into chunks whose bounds depend on the problem alone, never on the number of
/// threads, and each chunk is computed by one thread in a fixed order. The same input therefore gives the same bits on
/// one thread and on sixty-four.
///
/// A training step of LeNet-5 has about thirty such regions and takes less than a millisecond; waking a sleeping thread
/// takes fifty microseconds. The helper threads therefore poll for the next region for a moment before they sleep.
public enum Parallel {
  /// The number of threads in use, including the caller; by default one for each core.
  ///
  /// It affects the speed, but not a single bit of any result.
  public static var threadCount: Int {
    get { pool.size.load(ordering: .relaxed) }
    set { pool.size.store(max(1, newValue), ordering: .relaxed) }
  }

  /// Calls `body(0)`, `body(1)`, …, `body(chunks - 1)`, each exactly once, on all threads, and waits for the last.
  ///
  /// Which thread runs a chunk is not determined; chunks must write to disjoint memory.
  /// A call from within a chunk, or while another thread's region is running, runs on the calling thread alone.
  ///
  /// - Parameters:
  ///   - chunks: the number of pieces; at least 0.
  ///   - body: the work on one piece.
  public static func forEach(chunks: Int, _ body: @Sendable (Int) -> Void) {
    if chunks <= 1 || threadCount == 1 || !pool.begin() {
      for chunk in 0..<chunks { body(chunk) }
      return
    }
    // The closure is called from several threads at once but does not escape: `run` returns after the last call.
    // Threads access it through a pointer, so none of them holds a reference after the region has ended.
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pool.run(chunks, $0) }
    }
    pool.end()
  }

  /// The same for work on shared memory: pointers, for which the compiler cannot rule out data races.
  ///
  /// A closure that several threads call must not capture mutable state: the compiler rejects
  /// `var sum = 0; Parallel.forEach(chunks: 1000) { sum += $0 }`. Memory that the chunks do share is passed as
  /// `memory`, and the caller guarantees that they write to disjoint parts of the memory.
  ///
  /// - Parameters:
  ///   - chunks: the number of pieces; at least 0.
  ///   - memory: the pointers that the chunks share.
  ///   - body: the work on one piece.
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
/// Each thread starts with its own share of the chunks. Chunk i, and with it sample i of a batch, therefore stays on
/// the same core in all regions of the same size, and its data in that core's caches. A thread that has finished its
/// share takes chunks from the shares of other threads.
private final class ThreadPool: Sendable {
  typealias Body = @Sendable (Int) -> Void

  /// The number of threads in use, including the caller.
  let size = Atomic(ProcessInfo.processInfo.activeProcessorCount)
  /// The number of threads that have been started, including the caller.
  private let started = Atomic(1)
  /// Whether a region is using the pool.
  private let isTaken = Atomic(false)

  /// Whether chunks may be taken.
  private let isOpen = Atomic(false)
  /// The number of regions so far. A helper enters each region at most once: the caller may be waiting for the core on
  /// which that helper would poll for more chunks.
  private let regions = Atomic(0)
  /// The number of helpers inside the region: they may use the region's memory until this is 0.
  private let inside = Atomic(0)
  private let total = Atomic(0)
  /// The number of threads among which the chunks are divided.
  private let shares = Atomic(1)
  /// The address of the region's closure.
  private let body = Atomic<UInt>(0)
  /// The next chunk of each share.
  private let cursors = Cursors()

  /// The time in nanoseconds until which the caller works alone, because another program occupies a helper's core.
  private let aloneUntil = Atomic<UInt64>(0)

  /// The number of helpers that sleep because no region has arrived for a while.
  private let sleepers = Atomic(0)
  private let bell = NSCondition()

  /// Takes the pool; returns false if it is already taken.
  func begin() -> Bool { isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged }
  /// Releases the pool.
  func end() { isTaken.store(false, ordering: .releasing) }

  /// Runs all chunks on the helpers and the calling thread.
  ///
  /// If another program preempts a helper, the caller has to wait for the chunk that the helper has started. If this
  /// wait is longer than all the other work, the caller works alone for a tenth of a second. Two threads are then no
  /// slower than one, even while another program keeps a core busy.
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
    // No helper enters a closed region; wait for the helpers inside.
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

  /// Works until every chunk is taken. Never inlined: its reference to the closure must be released before a helper
  /// reports that it has left the region.
  @inline(never) private func takeChunks(_ place: Int) {
    let (total, shares) = (total.load(ordering: .relaxed), shares.load(ordering: .relaxed))
    // Read once: each read updates a reference count, and threads that update the same cache line slow each other down.
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
          // First enter, then check again: the caller first closes the region, then counts the helpers inside.
          inside.wrappingAdd(1, ordering: .sequentiallyConsistent)
          if isOpen.load(ordering: .sequentiallyConsistent) {
            known = regions.load(ordering: .relaxed)
            takeChunks(place)
          }
          inside.wrappingSubtract(1, ordering: .sequentiallyConsistent)
          idle = 0
        } else {
          idle += 1
          // On a busy machine the caller may share this core: it can then continue only after this thread yields.
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

/// One counter for each thread, each on separate cache lines.
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
