from . import test_batch, test_board, test_move, test_query_counts, test_route
