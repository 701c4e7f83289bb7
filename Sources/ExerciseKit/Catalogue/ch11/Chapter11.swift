// The exercises of chapter 11, in order.

extension Catalogue {
  package static let chapter11: [any AnyExercise] = [ex11_1, ex11_2, ex11_3, ex11_4, ex11_5]
}
