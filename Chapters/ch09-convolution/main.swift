// Chapter 9: the sliding window.

SlidingWindow.main()
