int gnuplot_stream_placeholder(void);
