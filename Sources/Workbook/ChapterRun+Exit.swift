// Ends a chapter that cannot continue, with one line and an exit code.

import Datasets
import Training

extension ChapterRun {
  /// Runs `work` and returns its result; if it throws, explains why in one line on standard error and ends the program.
  ///
  /// ```swift
  /// let digits = run.exitingOnError { try Digits.load(from: run.options.data) }
  /// ```
  /// An interrupted run ends here too. Exit codes: 66 for data or weights that cannot be read, 74 for checkpoints that
  /// cannot be written, 1 for a training run that diverged, 130 after Ctrl-C, 70 for anything else.
  func exitingOnError<Result>(_ work: () throws -> Result) -> Result {
    stopIfInterrupted()
    do {
      return try work()
    } catch {
      let code: Int32 =
        switch error {
        case is DataError, is SafetensorsError, is StateDictError, is CheckpointError: 66
        case let ending as any ChapterEnding: ending.code
        case is Divergence: 1
        default: 70
        }
      CommandLineStop(text: "\(chapter.name): \(error)", code: code).leave()
    }
  }
}
