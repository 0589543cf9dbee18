from wirbrauchensie.runner.cli import main

raise SystemExit(main())
