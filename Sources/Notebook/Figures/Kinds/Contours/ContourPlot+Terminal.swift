// A contour plot in a terminal: a line chart of the paths over the contour lines that gnuplot computes.

extension ContourPlot {
  package func cells(_ terminal: TerminalPicture) throws -> CellCanvas { try pathChart.cells(terminal, over: self) }

  package func plain(_ terminal: TerminalPicture) throws -> String { try pathChart.plain(terminal) }
}
