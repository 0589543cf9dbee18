from workshop.runner.cli import main

raise SystemExit(main())
