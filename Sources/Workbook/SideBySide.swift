// Many small experiments in parallel.

import Notebook
import Synchronization
import Tensors

/// Computes independent runs in parallel, one per core: a single small network gains nothing from several cores.
///
/// - Parameters:
///   - count: the number of runs.
///   - compute: makes the run with the given index; it must not depend on the others.
/// - Returns: the results in order, the same for any number of threads.
/// - Throws: the error of the first run that failed.
public func inParallel<Value>(_ count: Int, _ compute: (Int) throws -> Value) throws -> [Value] {
  var results = [Result<Value, any Error>?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { results in
    guard let place = results.baseAddress else { return }
    let group = TrainingScope.current?.group()
    withoutActuallyEscaping(compute) { compute in
      Parallel.forEach(chunks: count, on: (place, compute)) { index, memory in
        let (place, compute) = memory
        (place + index).pointee = TrainingScope.$current.withValue(group?.member(index)) {
          Result { try compute(index) }
        }
      }
    }
  }
  return try results.compactMap { try $0?.get() }
}

/// Counts finished runs on a progress bar, from any thread, and ends the program on Ctrl-C.
public final class Ticker: Sendable {
  private let bar: ProgressBar
  private let run: ChapterRun
  private let done = Atomic(0)

  /// Starts a bar of `total` steps.
  public init(_ label: String, total: Int, _ run: ChapterRun) {
    bar = run.progress(label, total: total)
    self.run = run
  }

  /// Advances the bar by `steps` at the start of a run.
  public func tick(_ steps: Int = 1) {
    run.stopIfInterrupted()
    bar.update(done.wrappingAdd(steps, ordering: .relaxed).oldValue)
  }

  /// Ends the bar.
  public func finish() { bar.finish() }
}
