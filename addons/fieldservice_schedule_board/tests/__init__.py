from . import test_batch, test_board, test_clock, test_french, test_live, test_move, test_query_counts, test_route
