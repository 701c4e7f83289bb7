// The style, the scripts and the template of pages: the files in `Web`, which are compiled into the program.

/// The style of every page: the style files and the rules for figures.
enum PageStyle {
  static let css =
    WebResources.joined([
      PackageResources.themes_css, PackageResources.base_css, PackageResources.figures_css, PackageResources.live_css,
      PackageResources.live_boards_css,
      PackageResources.blocks_css,
      PackageResources.widths_css, PackageResources.slides_css, PackageResources.speaker_css, PackageResources.book_css,
      PackageResources.print_css,
    ]) + FigureRenderer.styleSheet

  /// The additional style for the status strip above a page that is being written.
  static let served = WebResources.joined([PackageResources.served_css])
}

/// The scripts of pages. A page can be read without them.
enum PageScript {
  /// Runs before the first rendering.
  static let head = WebResources.joined([PackageResources.head_js])

  /// Runs at the end of a chapter's page.
  static let page = WebResources.function(shared + [PackageResources.keys_js])

  /// Runs at the end of the book.
  static let book = WebResources.function(
    shared + [PackageResources.book_js, PackageResources.board_js, PackageResources.keys_js])

  /// Runs at the end of the scoreboard of claims.
  static let board = WebResources.function(shared + [PackageResources.board_js, PackageResources.keys_js])

  /// Runs on a page with panels after its own script, which unpacks it; it contains the worker's script as a string.
  static let panels = WebResources.withoutComments(
    WebResources.function([
      Array("const workerScript = \(JSONValue.string(worker));\n".utf8), PackageResources.live_js,
      PackageResources.live_controls_js, PackageResources.live_chart_js,
      PackageResources.live_window_js, PackageResources.live_digit_js, PackageResources.live_field_js,
      PackageResources.live_signals_js, PackageResources.live_lenet_js, PackageResources.live_graph_js,
      PackageResources.live_neuron_js, PackageResources.live_flow_js, PackageResources.live_unit_js,
      PackageResources.live_cloud_js, PackageResources.live_penalty_js, PackageResources.live_batch_js,
      PackageResources.live_bowl_js, PackageResources.live_depth_js, PackageResources.live_thinned_js,
      PackageResources.live_questions_js, PackageResources.live_start_js,
    ]))

  /// Runs in the worker of a panel.
  private static let worker = WebResources.joined([PackageResources.packed_js, PackageResources.live_worker_js])

  /// Runs at the end of a page that a server delivers while it is being written.
  static let served = WebResources.joined([PackageResources.served_js])

  private static let shared = [
    PackageResources.page_js, PackageResources.theme_js, PackageResources.copy_js, PackageResources.packed_js,
    PackageResources.sliders_js, PackageResources.outlines_js, PackageResources.hover_js, PackageResources.slides_js,
    PackageResources.fit_js, PackageResources.presenter_js,
    PackageResources.sheets_js, PackageResources.preview_js, PackageResources.sketch_js, PackageResources.predict_js,
    PackageResources.live_load_js,
  ]
}

enum WebResources {
  /// Returns files joined to one text.
  static func joined(_ files: [[UInt8]]) -> String {
    files.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
  }

  /// Returns scripts as one function, so that their names are local.
  static func function(_ files: [[UInt8]]) -> String { "\"use strict\";(() => {\n" + joined(files) + "})();" }

  /// Returns a script without comment lines, because it is compressed in every page, where nobody reads it.
  static func withoutComments(_ script: String) -> String {
    script.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
  }

  /// Returns the document of a page with its `{{placeholders}}` replaced; the replacements are not processed again.
  static func document(_ values: [String: String]) -> String {
    joined([PackageResources.document_html]).replacing(#/\{\{(\w+)\}\}/#) { values[String($0.1)] ?? "" }
  }
}
