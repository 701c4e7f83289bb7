// The `workbook` executable: one subcommand to a file, chosen here.

import ArgumentParser
import Basics
import Workbook

struct WorkbookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workbook",
    abstract: "The ConvNet Workbook: chapters that are programs, and exercises that answer back.",
    discussion: "Chapters are run with `./workbook run CHAPTER` or `swift run CHAPTER`.",
    subcommands: [
      TableOfContents.self,
      // The learner's, then the instructor's.
      CheckCommand.self, WatchCommand.self, HintCommand.self, SolutionCommand.self, ResetCommand.self,
      ProgressCommand.self, GradeCommand.self, HandoutCommand.self, VerifyCommand.self,
      // Pages and data.
      DataCommand.self, BookCommand.self, SlidesCommand.self, ClaimsCommand.self,
      // Models, and how they compare with others.
      PredictCommand.self, ExportCommand.self, ConformanceCommand.self,
      // The reference.
      DocsCommand.self,
    ],
    defaultSubcommand: TableOfContents.self)
}

reportOutputErrorsAtExit()
WorkbookCommand.main()
