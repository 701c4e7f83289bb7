// The `workbook` executable: one subcommand to a file, chosen here.

import ArgumentParser

struct WorkbookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workbook",
    abstract: "The ConvNet Workbook: chapters that are programs, and exercises that answer back.",
    discussion: "Chapters are run with `./workbook run CHAPTER` or `swift run CHAPTER`.",
    subcommands: [
      TableOfContents.self, CheckCommand.self, HintCommand.self, SolutionCommand.self, ResetCommand.self,
      ProgressCommand.self, DataCommand.self, BookCommand.self, ClaimsCommand.self, ConformanceCommand.self,
      ExportCommand.self,
      PredictCommand.self,
      VerifyCommand.self, ExamineAnswerCommand.self,
    ],
    defaultSubcommand: TableOfContents.self)
}

WorkbookCommand.main()
