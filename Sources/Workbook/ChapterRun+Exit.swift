// What a chapter does where its work cannot go on: one line, and the exit code for it.

import Datasets
import Training

extension ChapterRun {
  /// Runs `work` and returns its result; where it throws, says why in one line on standard error and ends the program.
  ///
  /// ```swift
  /// let digits = run.exitingOnError { try Digits.load(from: run.options.data) }
  /// ```
  /// A run that has been interrupted ends here instead. Exit codes: 66 for data or weights that cannot be read, 74 for
  /// trainings that cannot be kept, 1 for a training that diverged, 130 after Ctrl-C, 70 for anything else.
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
